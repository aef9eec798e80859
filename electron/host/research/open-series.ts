// Makes every source a bar file that the native code can stream: datasets are ones, given files are read into scratch.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataOrigin } from '../../contract/datasets.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Remedy } from './bar-header.ts';
import type { DatasetLookup } from './dataset-lookup.ts';
import { findSources, type Source, type Wanted } from './find-sources.ts';
import { importBars } from './import-bars.ts';

const abandonedMs = 86_400_000;

export interface Series {
  readonly symbol: string;
  /** Path of a bar file. */
  readonly path: string;
  /** Path of the given file, or name of the dataset. */
  readonly source: string;
  readonly origin: DataOrigin;
}

export interface OpenSeries {
  readonly series: readonly Series[];
  /** Removes what was read into scratch. */
  close(): void;
}

export interface SeriesParts {
  readonly native: Pick<Native, 'BarImport'>;
  readonly lookup: DatasetLookup;
  /** Folder for what lives as long as a backtest. */
  readonly scratch: string;
  readonly clock: Clock;
}

interface Asked extends Wanted {
  /** Zone of times without one, in given files. */
  readonly timeZone: string;
}

/** Told how many bytes of given files are read, and of how many. */
export type OnRead = (bytes: () => number, total: number) => void;

/** Resolves when all can be streamed. Rejects as `findSources`, with DATA_DIR_UNWRITABLE, or CANCELLED when `signal` aborts. */
export async function openSeries(
  asked: Asked,
  parts: SeriesParts,
  signal: AbortSignal,
  onRead: OnRead,
): Promise<OpenSeries> {
  const sources = await findSources(asked, parts.lookup);
  const folder = sources.some(({ kind }) => kind === 'file')
    ? makeFolder(parts.scratch, parts.clock.now())
    : null;
  const close = (): void => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const series: Series[] = [];
    for (const source of sources)
      series.push(
        source.kind === 'dataset' || folder === null
          ? await openDataset(source, parts.lookup)
          : await readFile(
              source,
              join(folder, `${series.length}.bars`),
              asked.timeZone,
              parts,
              signal,
              onRead,
            ),
      );
    return { series, close };
  } catch (error) {
    close();
    throw error;
  }
}

function makeFolder(scratch: string, now: number): string {
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  forgetAbandoned(scratch, now);
  return mkdtempSync(join(scratch, 'backtest-'));
}

/** A process that was killed leaves its folder; no backtest takes a day. */
function forgetAbandoned(scratch: string, now: number): void {
  for (const name of readdirSync(scratch)) {
    const folder = join(scratch, name);
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat && now - stat.mtimeMs > abandonedMs) rmSync(folder, { recursive: true, force: true });
  }
}

async function openDataset({ symbol, place }: Source, lookup: DatasetLookup): Promise<Series> {
  const path = await lookup.find(place);
  return { symbol, path, source: place, origin: (await lookup.describe(place)).origin };
}

async function readFile(
  { symbol, place }: Source,
  target: string,
  timeZone: string,
  { native }: SeriesParts,
  signal: AbortSignal,
  onRead: OnRead,
): Promise<Series> {
  const options = { symbol, timeZone, allow: [], origin: 'file' };
  const total = statSync(place).size;
  await importBars(native, { source: place, target, options, remedy }, signal, (running) =>
    onRead(() => running.progress().bytes, total),
  );
  return { symbol, path: target, source: place, origin: 'file' };
}

const remedy: Remedy = (kinds) =>
  `Correct the file, or bring it in with data-import --allow ${kinds.join(',')} and name the dataset. Nothing was run.`;
