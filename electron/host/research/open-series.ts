// Makes every source a bar file that the native code can stream: datasets are ones, given files are read into scratch.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DataOrigin, DataReport } from '../../contract/datasets.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import { parseHeader, type Remedy } from './bar-header.ts';
import type { DatasetLookup } from './dataset-lookup.ts';
import { findSources, type Source, type Wanted } from './find-sources.ts';
import { importBars } from './import-bars.ts';
import { createKeptImports, type KeptImports } from './kept-imports.ts';
import { makeRunFolder } from './run-folder.ts';

export interface Series {
  readonly symbol: string;
  /** Path of a bar file. */
  readonly path: string;
  /** Path of the given file, or name of the dataset. */
  readonly source: string;
  readonly origin: DataOrigin;
  /** What the import of the source found. */
  readonly report: DataReport;
}

export interface OpenSeries {
  readonly series: readonly Series[];
  /** Removes what lives as long as the run. */
  close(): void;
}

export interface SeriesParts {
  readonly native: Pick<Native, 'BarImport' | 'describeBars'>;
  readonly lookup: DatasetLookup;
  /** Folder for what lives as long as a run, and for copies of the files that were read. */
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
  const folder = sources.some(({ kind }) => kind === 'file') ? makeRunFolder(parts.scratch) : null;
  const close = (): void => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  };
  const kept = createKeptImports(join(parts.scratch, 'imports'), parts.clock);
  try {
    const series: Series[] = [];
    for (const source of sources) {
      if (source.kind === 'dataset' || folder === null) {
        series.push(await openDataset(source, parts.lookup));
        continue;
      }
      const target = join(folder, `${series.length}.bars`);
      series.push(await openFile(source, target, asked.timeZone, { ...parts, kept }, signal, onRead));
    }
    return { series, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function openDataset({ symbol, place }: Source, lookup: DatasetLookup): Promise<Series> {
  const path = await lookup.find(place);
  const { origin, report } = await lookup.describe(place);
  return { symbol, path, source: place, origin, report };
}

/** Takes the kept copy of a file that has not changed, otherwise reads it. */
async function openFile(
  { symbol, place }: Source,
  target: string,
  timeZone: string,
  { native, clock, kept }: SeriesParts & { readonly kept: KeptImports },
  signal: AbortSignal,
  onRead: OnRead,
): Promise<Series> {
  const options = { symbol, timeZone, allow: [], origin: 'file' };
  const opened = (report: DataReport): Series => {
    return { symbol, path: target, source: place, origin: 'file', report };
  };
  const before = kept.identify(place, options);
  if (before !== null && kept.take(before, target)) {
    const report = describe(native, target);
    if (report !== null) return opened(report);
    kept.forget(before);
    rmSync(target);
  }
  const startedAt = clock.now();
  const { report } = await importBars(native, { source: place, target, options, remedy }, signal, (running) =>
    onRead(() => running.progress().bytes, before?.bytes ?? 0),
  );
  if (before !== null) kept.keep(before, kept.identify(place, options), startedAt, target);
  return opened(report);
}

/** Null for a copy that is damaged. */
function describe(native: SeriesParts['native'], path: string): DataReport | null {
  try {
    return parseHeader(native.describeBars(path)).report;
  } catch {
    return null;
  }
}

const remedy: Remedy = (kinds) =>
  `Correct the file, or bring it in with data-import --allow ${kinds.join(',')} and name the dataset. Nothing was run.`;
