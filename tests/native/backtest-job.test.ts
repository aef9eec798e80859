import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { type BacktestAgent, type BacktestRequest, loadNative } from '../../electron/native/load.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { waveCsv } from '../support/wave-csv.ts';

const { BacktestJob, BarImport } = loadNative();
const goog = fileURLToPath(new URL('../../../shared/data/GOOG.csv', import.meta.url));

function agent(changed: Partial<BacktestAgent> = {}): BacktestAgent {
  const params = { fast: 10, slow: 30 };
  return { id: 'one', strategy: 'sma-cross', params, symbols: [], maxPositionMicros: null, ...changed };
}

function request(path: string, changed: Partial<BacktestRequest> = {}): BacktestRequest {
  return {
    agents: [agent()],
    series: [{ symbol: 'GOOG', path }],
    fromMs: null,
    toMs: null,
    cashMicros: 10_000_000_000,
    commissionBps: 0,
    commissionPerShareMicros: 0,
    halfSpreadBps: 0,
    slippageBps: 0,
    impactBps: 0,
    borrowBps: 0,
    fill: 'next-open',
    limitOffsetBps: 0,
    atEnd: 'close-at-open',
    leveragePct: 200,
    orderNotionalMicros: 1_000_000_000_000,
    symbolPositionMicros: 1_000_000_000_000,
    curvePoints: 100,
    keep: 1_000,
    seed: 1,
    ...changed,
  };
}

async function barFile(csv: string): Promise<string> {
  const target = join(temporaryDirectory(), 'prices.bars');
  const options = { symbol: 'GOOG', timeZone: 'UTC', allow: [], origin: 'file' };
  await new BarImport().run(csv, target, options);
  return target;
}

function wave(bars: number): Promise<string> {
  const file = join(temporaryDirectory(), 'WAVE.csv');
  writeFileSync(file, waveCsv(bars));
  return barFile(file);
}

test.skipIf(!existsSync(goog))(
  'gives the published results of a 10/30 cross on ten years of one stock',
  async () => {
    const { metrics } = await new BacktestJob(request(await barFile(goog))).run();
    const published = {
      finalEquity: 51_422.989_999_999_96,
      peakEquity: 75_787.44,
      tradeCount: 66,
      maxDrawdownPct: -47.980_127_050_075_89,
      returnPct: 414.229_899_999_999_6,
      buyAndHoldReturnPct: 522.060_185_185_185_2,
      cagrPct: 21.160_245_705_962_623,
      hitRatePct: 46.969_696_969_696_97,
      sqn: 1.076_618_735_669_770_5,
      sharpeGeometric: 0.580_623_224_448_534_9,
      sortinoGeometric: 1.085_343_435_248_866_2,
      calmarGeometric: 0.441_664_092_029_946_05,
      beta: 0.038_033_907_091_92,
    };
    for (const [name, value] of Object.entries(published)) {
      const found = metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
      expect(Math.abs(found / value - 1), name).toBeLessThan(1e-8);
    }
  },
);

test('columns are typed arrays of one length, and the hash is the same each time', async () => {
  const file = await wave(1_000);
  const result = await new BacktestJob(request(file)).run();
  const { agentId, symbol, entryReason, exitReason, ...columns } = result.trades;
  for (const column of Object.values(columns)) expect(ArrayBuffer.isView(column)).toBe(true);
  const lengths = [agentId, symbol, entryReason, exitReason, ...Object.values(columns)].map(
    (column) => column.length,
  );
  expect(new Set(lengths).size).toBe(1);
  expect(lengths[0]).toBe(result.metrics.find(({ name }) => name === 'tradeCount')?.value);
  expect(lengths[0]).toBeGreaterThan(5);
  expect(result.curve.atMs).toBeInstanceOf(Float64Array);
  expect(result.curve.atMs.length).toBeLessThanOrEqual(102);
  expect((await new BacktestJob(request(file)).run()).hash).toBe(result.hash);
});

test('only the bars between the two instants are used', async () => {
  const file = await wave(400);
  const { data } = await new BacktestJob(
    request(file, { fromMs: Date.parse('2010-03-01'), toMs: Date.parse('2010-12-01') }),
  ).run();
  expect(data).toMatchObject([
    { bars: 275, firstAtMs: Date.parse('2010-03-01'), lastAtMs: Date.parse('2010-11-30') },
  ]);
});

test('a job that is cancelled rejects, and says before how far it is', async () => {
  const job = new BacktestJob(request(await wave(150_000)));
  const running = job.run();
  const outcome = running.catch((error: unknown) => error);
  await expect.poll(() => job.progress().done, { interval: 1, timeout: 15_000 }).toBeGreaterThan(0);
  expect(job.progress().total).toBe(150_000);
  job.cancel();
  job.cancel();
  expect(await outcome).toMatchObject({ code: 'CANCELLED' });
});

test.each<[string, Partial<BacktestRequest>, string, RegExp]>([
  [
    'an unknown strategy',
    { agents: [agent({ strategy: 'smacross' })] },
    'UNKNOWN_STRATEGY',
    /did you mean "sma-cross"/,
  ],
  [
    'a parameter outside its range',
    { agents: [agent({ params: { fast: 0 } })] },
    'INVALID_INPUT',
    /fast is 0; .* from 1 to 500/,
  ],
  [
    'an unknown parameter',
    { agents: [agent({ params: { fats: 3 } })] },
    'INVALID_INPUT',
    /did you mean "fast"/,
  ],
  [
    'a rate that is no number',
    { slippageBps: Number.NaN },
    'INVALID_INPUT',
    /slippageBps is NaN.* 0 to 1000/,
  ],
  ['no bar in the period', { fromMs: Date.parse('2030-01-01') }, 'DATASET_INVALID', /GOOG has no bars/],
  ['a missing file', { series: [{ symbol: 'GOOG', path: '/nowhere.bars' }] }, 'FILE_NOT_FOUND', /nowhere/],
])('%s is refused with a code and a remedy', async (_, changed, code, message) => {
  const running = new BacktestJob(request(await wave(100), changed)).run();
  await expect(running).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('cash that is no whole number of micro-dollars is refused at once', () => {
  expect(() => new BacktestJob(request('/x.bars', { cashMicros: Number.POSITIVE_INFINITY }))).toThrow(
    /cashMicros/,
  );
});

test('agents share one account, and their books sum to what it earned', async () => {
  const agents = [agent(), agent({ id: 'two', strategy: 'momentum', params: { fast: 5, slow: 15 } })];
  const { books, metrics, trades, checks } = await new BacktestJob(
    request(await wave(1_500), { agents }),
  ).run();
  expect(checks.every(({ passed }) => passed)).toBe(true);
  expect(new Set(trades.agentId)).toEqual(new Set(['one', 'two']));
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  const earned = books.reduce((sum, book) => sum + book.realisedMicros - book.feesMicros, 0);
  expect(earned / 1e6).toBeCloseTo(value('finalEquity') - value('initialCash'), 6);
  expect(books.map(({ initialMicros }) => initialMicros)).toEqual([5_000_000_000, 5_000_000_000]);
});

test('a sweep tries every combination, and counts them all against the best', async () => {
  const grid = [
    { param: 'fast', values: [5, 10] },
    { param: 'slow', values: [8, 30] },
  ];
  const swept = await new BacktestJob(request(await wave(600), { agents: [agent({ params: {} })] })).sweep(
    grid,
    'returnPct',
  );
  expect([swept.rows, swept.paramNames, [...swept.params]]).toEqual([
    4,
    ['fast', 'slow'],
    [5, 8, 5, 30, 10, 8, 10, 30],
  ]);
  expect(swept.refused).toMatchObject([{ row: 2 }]);
  expect(swept.trials).toBe(3);
  const column = swept.metricNames.indexOf('returnPct');
  const returns = [0, 1, 2, 3].map(
    (row) => swept.metrics[row * swept.metricNames.length + column] ?? Number.NaN,
  );
  expect(returns[2]).toBeNaN();
  expect(returns[swept.best]).toBe(Math.max(...returns.filter((value) => !Number.isNaN(value))));
  expect(swept.report.metrics.find(({ name }) => name === 'returnPct')?.value).toBe(returns[swept.best]);
});

test.skipIf(process.platform !== 'linux')('a sweep gives way to the threads of the desk', async () => {
  const job = new BacktestJob(request(await wave(20_000)));
  const values = Array.from({ length: 200 }, (_, index) => index + 2);
  const swept = job.sweep([{ param: 'fast', values }], 'sharpe');
  swept.catch(() => undefined);
  const nices = (): number[] =>
    readdirSync('/proc/self/task').map((id) => {
      // Behind the name in brackets: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const [, fields = ''] = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ');
      return Number(fields.split(' ')[16]);
    });
  const own = nices()[0] ?? 0;
  await vi.waitFor(() => expect(nices()).toContain(Math.min(19, own + 10)), { interval: 5 });
  job.cancel();
  await expect(swept).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a walk tests on bars that its training has not seen', async () => {
  const walk = await new BacktestJob(request(await wave(600), { agents: [agent({ params: {} })] })).walk(
    [{ param: 'fast', values: [5, 10] }],
    'returnPct',
    { trainBars: 200, testBars: 100, anchored: false },
  );
  expect(walk.steps).toHaveLength(4);
  for (const step of walk.steps) expect(step.trainToMs).toBeLessThan(step.testFromMs);
  expect(walk.passed).toBe(true);
});
