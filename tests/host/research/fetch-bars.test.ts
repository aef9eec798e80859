// The on-disk cache of fetched bars, over a broker in memory and the real addon.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Bar } from '../../../electron/contract/bar.ts';
import { DeskError } from '../../../electron/contract/errors.ts';
import { createDatasetLookup } from '../../../electron/host/research/dataset-lookup.ts';
import { createDatasets } from '../../../electron/host/research/datasets.ts';
import {
  type BarSource,
  fetchBars,
  type FetchedDataset,
  type TimeRange,
} from '../../../electron/host/research/fetch-bars.ts';
import { createStore } from '../../../electron/host/store.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const dayMs = 86_400_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Bench {
  /** What the broker was asked for, as days. */
  readonly asked: [string, string][];
  readonly folder: string;
  /** Called before each page. */
  onPage: () => void;
  fetch(start: string, end?: string, signal?: AbortSignal): Promise<FetchedDataset>;
}

/** A broker with one bar on each day, three a page, whose market has reached 2024-03-01 12:00 UTC. */
function openBench(): Bench {
  const dataDir = temporaryDirectory();
  const native = loadNative();
  const store = createStore(native.Journal.open(join(dataDir, 'journal.db')), silent, () => undefined);
  const clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0 };
  const sampleFile = (): null => null;
  const lookup = createDatasetLookup({ native, dataDir, sampleFile });
  const datasets = createDatasets({ native, lookup, store, clock, sampleFile });
  const source: BarSource = {
    isReal: true,
    label: 'alpaca',
    marketAt: Date.UTC(2024, 2, 1, 12),
    assertTradable: () => undefined,
    async *pages(symbol, _timeframe, range, signal) {
      bench.asked.push([day(range.startMs), day(range.endMs - 1)]);
      const bars = barsOf(symbol, range);
      for (let at = 0; at < bars.length; at += 3) {
        bench.onPage();
        signal.throwIfAborted();
        yield bars.slice(at, at + 3);
      }
    },
  };
  const bench: Bench = {
    asked: [],
    folder: join(dataDir, 'datasets', 'fetched', 'alpaca-brk.b-1day'),
    onPage: () => undefined,
    async fetch(start, end, signal = new AbortController().signal) {
      const input = { symbols: ['BRK.B'], timeframe: '1Day', start, end };
      const [dataset] = await fetchBars(datasets, source, input, 'cli', signal);
      return dataset ?? expect.fail('no dataset');
    },
  };
  return bench;
}

function barsOf(symbol: string, { startMs, endMs }: TimeRange): Bar[] {
  const first = Math.ceil(startMs / dayMs);
  const count = Math.max(0, Math.ceil(endMs / dayMs) - first);
  return Array.from({ length: count }, (_, index) => {
    const closeTicks = 1_000_000 + first + index;
    const rest = { openTicks: closeTicks, highTicks: closeTicks, lowTicks: closeTicks, closeTicks };
    return { symbol, at: (first + index) * dayMs, ...rest, volume: 5 };
  });
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

test('asks for nothing twice, and for what lies between, and gives one series', async () => {
  const bench = openBench();
  const first = await bench.fetch('2024-01-10', '2024-01-20');
  expect(first).toMatchObject({ name: 'alpaca-brk.b-1day', origin: 'broker', bars: 11, fetched: 11 });
  expect(await bench.fetch('2024-01-12', '2024-01-18')).toEqual({ ...first, fetched: 0 });
  const earlier = await bench.fetch('2024-01-05', '2024-01-12');
  expect(earlier).toMatchObject({ bars: 16, fetched: 5, firstAt: Date.UTC(2024, 0, 5) });
  const later = await bench.fetch('2024-02-01', '2024-02-03');
  expect(later).toMatchObject({ bars: 30, fetched: 14, lastAt: Date.UTC(2024, 1, 3) });
  expect(later.report.problems).toEqual([]);
  expect(bench.asked).toEqual([
    ['2024-01-10', '2024-01-20'],
    ['2024-01-05', '2024-01-09'],
    ['2024-01-21', '2024-02-03'],
  ]);
});

test('leaves out the bar that is not complete yet', async () => {
  const bench = openBench();
  expect(await bench.fetch('2024-02-20')).toMatchObject({ lastAt: Date.UTC(2024, 1, 29) });
  await expect(bench.fetch('2024-03-01')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('keeps no part of a range that was cancelled', async () => {
  const bench = openBench();
  await bench.fetch('2024-01-10', '2024-01-20');
  const cancel = new AbortController();
  let pages = 0;
  bench.onPage = () => {
    pages += 1;
    if (pages === 3) cancel.abort();
  };
  const ended = await bench.fetch('2024-01-10', '2024-02-20', cancel.signal).catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(DeskError);
  expect(ended).toMatchObject({ code: 'CANCELLED' });
  expect(readdirSync(bench.folder)).toHaveLength(1);
  expect(await bench.fetch('2024-01-10', '2024-01-20')).toMatchObject({ bars: 11, fetched: 0 });
});

test('keeps no part of a range that the broker failed to give', async () => {
  const bench = openBench();
  bench.onPage = () => {
    throw new DeskError('BROKER_UNAVAILABLE', 'The broker is out of reach.');
  };
  await expect(bench.fetch('2024-01-10', '2024-01-20')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  expect(readdirSync(bench.folder)).toEqual([]);
});
