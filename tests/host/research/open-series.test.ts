// Given files through the real importer: read once while they do not change, and never believed when they did.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDatasetLookup } from '../../../electron/host/research/dataset-lookup.ts';
import { type OpenSeries, openSeries } from '../../../electron/host/research/open-series.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { waveCsv } from '../../support/wave-csv.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Opens series and counts the files that were really read. The clock is a minute ahead, so that files have settled. */
function createBench() {
  const home = temporaryDirectory();
  const scratch = join(home, 'scratch');
  const native = loadNative();
  let imports = 0;
  class CountedImport extends native.BarImport {
    constructor() {
      super();
      imports += 1;
    }
  }
  let now = Date.now() + minuteMs;
  const parts = {
    native: { BarImport: CountedImport, describeBars: native.describeBars },
    lookup: createDatasetLookup({ native, dataDir: home, sampleFile: () => null }),
    scratch,
    clock: { now: () => now, monotonicMs: () => now },
  };
  async function open(data: string, asked = {}): Promise<OpenSeries> {
    const opened = await openSeries({ data, timeZone: 'UTC', ...asked }, parts, never, () => undefined);
    onTestFinished(opened.close);
    return opened;
  }
  return {
    scratch,
    open,
    imports: () => imports,
    setClock: (ms: number) => (now = ms),
    kept: () =>
      readdirSync(scratch, { recursive: true, encoding: 'utf8' }).filter((name) => /imports./.test(name)),
    write(name: string, text: string): string {
      const file = join(home, name);
      writeFileSync(file, text);
      return file;
    },
  };
}

function bytesOf({ series: [first] }: OpenSeries): Buffer {
  if (!first) throw new Error('there is no series');
  return readFileSync(first.path);
}

test('a file that did not change is read once, and gives the same bars', async () => {
  const { open, write, imports } = createBench();
  const file = write('WAVE.csv', waveCsv(300));
  const first = await open(file);
  const bytes = bytesOf(first);
  first.close();
  const second = await open(file);
  expect(imports()).toBe(1);
  expect(bytesOf(second)).toEqual(bytes);
  expect(second.series).toMatchObject([
    { symbol: 'WAVE', source: file, origin: 'file', report: { rows: 300 } },
  ]);
});

test('a file that was changed is read again, also when its size and its time were put back', async () => {
  const { open, write, imports } = createBench();
  const text = waveCsv(300);
  const file = write('WAVE.csv', text);
  const { atime, mtime, size } = statSync(file);
  const before = bytesOf(await open(file));
  writeFileSync(file, text.replaceAll(',1000', ',2000'));
  utimesSync(file, atime, mtime);
  expect(statSync(file)).toMatchObject({ size, mtime });
  const after = bytesOf(await open(file));
  expect(imports()).toBe(2);
  expect(after).not.toEqual(before);
});

test('a file that was written a moment ago is read again: it may change within the tick of its time', async () => {
  const { open, write, imports, setClock, kept } = createBench();
  const file = write('WAVE.csv', waveCsv(300));
  setClock(statSync(file).ctimeMs + 1_000);
  await open(file);
  await open(file);
  expect([imports(), kept()]).toEqual([2, []]);
});

test('another symbol or another time zone is another reading', async () => {
  const { open, write, imports } = createBench();
  const file = write('WAVE.csv', waveCsv(300));
  await open(file);
  await open(file, { symbols: ['OTHER'] });
  await open(file, { timeZone: 'America/New_York' });
  expect(imports()).toBe(3);
});

test('a copy that is damaged is not used', async () => {
  const { open, write, imports, scratch, kept } = createBench();
  const file = write('WAVE.csv', waveCsv(300));
  (await open(file)).close();
  for (const name of kept()) truncateSync(join(scratch, name), 1_000);
  await open(file);
  expect(imports()).toBe(2);
});

test('a copy that nobody used for a week goes when the next one is kept, one that is in use stays readable', async () => {
  const { open, write, kept, setClock } = createBench();
  const old = await open(write('OLD.csv', waveCsv(300)));
  setClock(Date.now() + 8 * dayMs);
  await open(write('NEW.csv', waveCsv(300, 5)));
  expect(kept()).toHaveLength(1);
  expect(bytesOf(old).length).toBeGreaterThan(300 * 48);
});

test('what a killed process left goes with the next run; what runs stays', async () => {
  const { open, write, scratch } = createBench();
  const file = write('WAVE.csv', waveCsv(300));
  const running = await open(file);
  const abandoned = join(scratch, 'run-999999999-abcdef');
  mkdirSync(abandoned);
  await open(file);
  const runs = readdirSync(scratch).filter((name) => name.startsWith('run-'));
  expect(runs).toHaveLength(2);
  expect(bytesOf(running).length).toBeGreaterThan(0);
});
