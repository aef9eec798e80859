// Historical bars of the broker as datasets. What was fetched stays on disk, so that only what is missing is asked for.
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bar } from '../../contract/bar.ts';
import type { Dataset, fetchDatasets } from '../../contract/datasets.ts';
import type { ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { TICKS_PER_USD } from '../../contract/money.ts';
import type { Actor } from '../../contract/names.ts';
import type { Datasets } from './datasets.ts';
import { seriesName } from './name-dataset.ts';

const dayMs = 86_400_000;
const unitsMs: Readonly<Record<string, number>> = { Min: 60_000, Hour: 3_600_000, Day: dayMs };
const header = 'date,open,high,low,close,volume\n';

/** Times from the first to before the second, ms since 1970. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

export interface BarSource {
  /** False in demo mode. */
  readonly isReal: boolean;
  /** Names the market whose bars these are, at most 24 characters: "alpaca", "demo-seed-1". */
  readonly label: string;
  /** The market's clock: no bar that ends later is complete. */
  readonly marketAt: number;
  assertTradable(symbols: readonly string[]): void;
  /** Pages of bars that start inside the range, oldest first. */
  pages(symbol: string, timeframe: string, range: TimeRange, signal: AbortSignal): AsyncIterable<Bar[]>;
}

export type FetchedDataset = Dataset & { readonly fetched: number };

/** Fetches each symbol in turn. Rejects with INVALID_INPUT, UNKNOWN_SYMBOL, DATASET_*, BROKER_* or CANCELLED; whole ranges that were read stay. */
export async function fetchBars(
  datasets: Datasets,
  source: BarSource,
  { symbols, timeframe, start, end }: ParsedInputOf<typeof fetchDatasets>,
  actor: Actor,
  signal: AbortSignal,
): Promise<FetchedDataset[]> {
  const wanted = wantedRange(start, end, source.marketAt, timeframe);
  source.assertTradable(symbols);
  const fetched: FetchedDataset[] = [];
  for (const symbol of new Set(symbols)) {
    const name = seriesName(source.label, symbol, timeframe);
    fetched.push(await fetchOne({ datasets, source, name, symbol, timeframe, wanted, actor, signal }));
  }
  return fetched;
}

/** The days asked for, up to the last completed bar. Throws INVALID_INPUT for days that hold none. */
function wantedRange(start: string, end: string | undefined, marketAt: number, timeframe: string): TimeRange {
  const match = /^(\d+)(Min|Hour|Day)$/.exec(timeframe);
  const barMs = Number(match?.[1] ?? 1) * (unitsMs[match?.[2] ?? 'Day'] ?? dayMs);
  const completeMs = marketAt - barMs + 1;
  const startMs = Date.parse(start);
  const endMs = Math.min(end === undefined ? completeMs : Date.parse(end) + dayMs, completeMs);
  if (startMs < endMs) return { startMs, endMs };
  const last = new Date(completeMs).toISOString().slice(0, 10);
  throw new DeskError(
    'INVALID_INPUT',
    `start: ${start} leaves no completed bar before ${end ?? 'now'}; the market's last is of ${last}. Give an earlier start.`,
    { start, end },
  );
}

interface OneFetch {
  readonly datasets: Datasets;
  readonly source: BarSource;
  readonly name: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly wanted: TimeRange;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

async function fetchOne(fetch: OneFetch): Promise<FetchedDataset> {
  const { datasets, source, name, symbol, wanted, actor, signal } = fetch;
  const folder = datasets.fetchedFolder(name);
  const present = datasets.describe(name);
  const parts = readParts(folder);
  if (present && parts.length === 0)
    throw new DeskError(
      'DATASET_EXISTS',
      `"${name}" was imported from a file, and fetched bars would take its name. Remove it first.`,
      { name },
    );
  const missing = missingRanges(parts, wanted);
  if (present && missing.length === 0) return { ...present, fetched: 0 };
  const options = {
    symbol,
    timeZone: 'America/New_York',
    allow: [],
    origin: source.isReal ? 'broker' : 'demo',
  };
  let fetched = 0;
  const whole = join(folder, 'whole.csv');
  try {
    const dataset = await datasets.replace(name, options, actor, signal, async () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const range of missing) fetched += await fetchPart(fetch, folder, range);
      await joinParts(folder, whole, signal);
      return whole;
    });
    return { ...dataset, fetched };
  } finally {
    rmSync(whole, { force: true });
  }
}

/** Parts of what was fetched, oldest first; each is named by the time that it covers. */
function readParts(folder: string): TimeRange[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((file) => {
      const match = /^(-?\d+)_(-?\d+)\.csv$/.exec(file);
      return match ? [{ startMs: Number(match[1]), endMs: Number(match[2]) }] : [];
    })
    .sort((a, b) => a.startMs - b.startMs);
}

/** What the parts leave open of the wanted time and of the time between it and them: data with a hole is no data. */
function missingRanges(parts: readonly TimeRange[], wanted: TimeRange): TimeRange[] {
  const startMs = Math.min(wanted.startMs, ...parts.map((part) => part.startMs));
  const endMs = Math.max(wanted.endMs, ...parts.map((part) => part.endMs));
  const missing: TimeRange[] = [];
  let coveredMs = startMs;
  for (const part of parts) {
    if (part.startMs > coveredMs) missing.push({ startMs: coveredMs, endMs: part.startMs });
    coveredMs = Math.max(coveredMs, part.endMs);
  }
  if (coveredMs < endMs) missing.push({ startMs: coveredMs, endMs });
  return missing;
}

/** Writes one range as a part that is there as a whole or not at all. Resolves with its number of bars. */
async function fetchPart(
  { source, symbol, timeframe, signal }: OneFetch,
  folder: string,
  range: TimeRange,
): Promise<number> {
  let bars = 0;
  async function* rows(): AsyncGenerator<string> {
    for await (const page of source.pages(symbol, timeframe, range, signal)) {
      bars += page.length;
      yield page.map(toRow).join('');
    }
  }
  const part = join(folder, `${range.startMs}_${range.endMs}.csv`);
  const temporary = `${part}.part`;
  // There before anything can fail: a stream that opens it later could make it again after it was removed.
  const file = await open(temporary, 'w');
  try {
    await pipeline(Readable.from(rows()), file.createWriteStream(), { signal });
    renameSync(temporary, part);
  } catch (error) {
    throw signal.aborted ? cancelled(error) : error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return bars;
}

async function joinParts(folder: string, whole: string, signal: AbortSignal): Promise<void> {
  async function* text(): AsyncGenerator<unknown> {
    yield header;
    for (const { startMs, endMs } of readParts(folder))
      yield* createReadStream(join(folder, `${startMs}_${endMs}.csv`));
  }
  const file = await open(whole, 'w');
  await pipeline(Readable.from(text()), file.createWriteStream(), { signal }).catch((error: unknown) => {
    throw signal.aborted ? cancelled(error) : error;
  });
}

function cancelled(cause: unknown): DeskError {
  return new DeskError(
    'CANCELLED',
    'The fetch was cancelled. Whole ranges that were read stay.',
    {},
    { cause },
  );
}

function toRow({ at, openTicks, highTicks, lowTicks, closeTicks, volume }: Bar): string {
  const prices = [openTicks, highTicks, lowTicks, closeTicks].map((ticks) => ticks / TICKS_PER_USD);
  return `${new Date(at).toISOString()},${prices.join(',')},${volume}\n`;
}
