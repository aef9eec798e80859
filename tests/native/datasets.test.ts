// The addon's surface for bar files: columns for charts, and imports that leave the event loop alone.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BarImportOptions, loadNative } from '../../electron/native/load.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const native = loadNative();
const minuteMs = 60_000;
const firstMs = 1_600_000_020_000;
const options: BarImportOptions = { symbol: 'TEST', timeZone: null, allow: [], origin: 'file' };

/** Writes `count` minute bars whose close counts up from 1 cent. */
function writeCsv(count: number): { source: string; target: string } {
  const folder = temporaryDirectory();
  const rows = Array.from({ length: count }, (_, index) => {
    const close = (index + 1) / 100;
    return `${firstMs + index * minuteMs},${close},${close},${close},${close},2`;
  });
  const source = join(folder, 'source.csv');
  writeFileSync(source, `date,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return { source, target: join(folder, 'target.bars') };
}

test('columns hold the bars of a time, merged to the points that were asked for', async () => {
  const { source, target } = writeCsv(1_000);
  await new native.BarImport().run(source, target, options);
  const some = await native.readBars(target, firstMs + 10 * minuteMs, firstMs + 12 * minuteMs, 100);
  expect([...some.atMs]).toEqual([10, 11, 12].map((index) => firstMs + index * minuteMs));
  expect([...some.closeTicks]).toEqual([1_100, 1_200, 1_300]);
  expect(some.merged).toBe(1);
  const all = await native.readBars(target, 0, Number.MAX_SAFE_INTEGER, 300);
  expect([all.atMs.length, all.merged]).toEqual([250, 4]);
  expect([all.openTicks[0], all.highTicks[0], all.lowTicks[0], all.closeTicks[0], all.volume[0]]).toEqual([
    100, 400, 100, 400, 8,
  ]);
  expect(all.volume.reduce((sum, volume) => sum + volume, 0)).toBe(2_000);
  const none = await native.readBars(target, 0, 1, 10);
  expect(none.atMs).toHaveLength(0);
});

test('what is no bar file is named', async () => {
  const { source } = writeCsv(2);
  expect(() => native.describeBars(source)).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
  expect(() => native.describeBars('/nowhere')).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
  await expect(native.readBars(source, 0, 1, 10)).rejects.toThrow('not a bar file');
  expect(() => native.readBars(source, 0, 1, 0)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

test('an import holds the event loop for a moment only', async () => {
  const { source, target } = writeCsv(200_000);
  const running = new native.BarImport();
  let turns = 0;
  let done = false;
  const finished = running.run(source, target, options).finally(() => (done = true));
  while (!done) {
    running.progress();
    turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(JSON.parse(await finished)).toMatchObject({ kind: 'written', header: { bars: 200_000 } });
  // The thread got turns all the while; how long each was is for the bench to say.
  expect(turns).toBeGreaterThan(100);
});

test('a cancelled import rejects and says so', async () => {
  const { source, target } = writeCsv(50_000);
  const running = new native.BarImport();
  running.cancel();
  await expect(running.run(source, target, options)).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a simulation leaves the event loop alone and tells how far it is', async () => {
  const target = join(temporaryDirectory(), 'spy.bars');
  const running = new native.BarSimulation();
  const plan = { seed: 1, startMs: Date.UTC(2026, 0, 5), barS: 60, days: 60, bars: null, sample: null };
  let done = false;
  const told = new Set<number>();
  const finished = running.run({ ...plan, series: [{ symbol: 'SPY', target }] }).finally(() => (done = true));
  while (!done) {
    told.add(running.progress().bars);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(JSON.parse(await finished)).toMatchObject({ headers: [{ symbol: 'SPY', origin: 'simulator' }] });
  expect(running.progress().totalBars).toBe(60 * 390);
  expect(told.size).toBeGreaterThan(5);
  await expect(running.run({ ...plan, days: null, series: [] })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});
