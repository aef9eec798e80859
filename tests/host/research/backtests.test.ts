// Backtests through their operations, as the command line runs them without a host: real addon, real files.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { BacktestReport } from '../../../electron/contract/backtest-report.ts';
import { sweepBacktest } from '../../../electron/contract/backtest-sweep.ts';
import {
  compareBacktests,
  exportBacktest,
  listBacktests,
  runBacktest,
  showBacktest,
} from '../../../electron/contract/backtest.ts';
import { metricTerm, inTerms } from '../../../electron/contract/metric-terms.ts';
import { openLocalResearch } from '../../../electron/host/local-research.ts';
import { resolvePaths } from '../../../electron/host/paths.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { waveCsv } from '../../support/wave-csv.ts';

const goog = fileURLToPath(new URL('../../../../shared/data/GOOG.csv', import.meta.url));
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const cross = { strategy: 'sma-cross', params: { fast: 10, slow: 30 } };

interface Research {
  readonly home: string;
  run(input: object, signal?: AbortSignal): Promise<BacktestReport>;
  call(name: string, input: object, signal?: AbortSignal): Promise<unknown>;
  done(): number;
  /** Writes a file that is made up of lines. */
  write(name: string, text: string): string;
}

function openResearch(): Research {
  const home = temporaryDirectory();
  const research = openLocalResearch(resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform), silent);
  onTestFinished(research.close);
  const never = new AbortController().signal;
  return {
    home,
    run: async (input, signal = never) =>
      BacktestReport.parse(await research.call(runBacktest.name, input, signal)),
    call: (name, input, signal = never) => research.call(name, input, signal),
    done: () => research.work()[0]?.done ?? 0,
    write(name, text) {
      const file = join(home, name);
      writeFileSync(file, text);
      return file;
    },
  };
}

/** What a run leaves in the data directory; the copy of a file that was read whole may stay. */
function leftBehind(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(backtests.|scratch.run-)/.test(path))
    .sort();
}

test.skipIf(!existsSync(goog))(
  'gives all sixteen published figures of a 10/30 cross on ten years of one stock',
  async () => {
    const { run } = openResearch();
    const { metrics, status, tradeCount, data } = await run({ ...cross, symbols: 'GOOG', data: goog });
    const published = {
      finalEquity: 51_422.989_999_999_96,
      peakEquity: 75_787.44,
      tradeCount: 66,
      maxDrawdownPct: -47.980_127_050_075_89,
      returnPct: 414.229_899_999_999_6,
      buyAndHoldReturnPct: 522.060_185_185_185_2,
      cagrPct: 21.160_245_705_962_623,
      hitRatePct: 46.969_696_969_696_97,
      bestTradePct: 53.595_952_294_904_24,
      worstTradePct: -18.398_873_538_354_81,
      exposurePct: 96.741_154_562_383_61,
      sqn: 1.076_618_735_669_770_5,
      sharpeGeometric: 0.580_623_224_448_534_9,
      sortinoGeometric: 1.085_343_435_248_866_2,
      calmarGeometric: 0.441_664_092_029_946_05,
      beta: 0.038_033_907_091_92,
    };
    for (const [name, value] of Object.entries(published))
      expect(Math.abs((metrics[name] ?? Number.NaN) / value - 1), name).toBeLessThan(1e-8);
    expect([status, tradeCount, data[0]?.bars, data[0]?.origin]).toEqual(['passed', 66, 2148, 'file']);
  },
);

test('without data it runs on the shipped sample, and says so', async () => {
  const { run } = openResearch();
  const { symbols, data, simulated } = await run({ strategy: 'momentum' });
  expect([symbols, simulated]).toEqual([['SPX'], true]);
  expect(data).toMatchObject([{ source: 'sp500', origin: 'sample', bars: 5_105 }]);
});

test('prices finer than the tick are rounded, counted and told in the report', async () => {
  const { run, call, home, write } = openResearch();
  const text = waveCsv(300).replace(/\n2010-01-05,\d+\.\d\d/, (open) => `${open}0055`);
  const report = await run({ ...cross, data: write('WAVE.csv', text) });
  expect(report.data[0]?.problems).toMatchObject([
    { kind: 'rounded', count: 1, examples: [{ line: 6, column: 'open', rule: 'rounded to 0.0001 USD' }] },
  ]);
  const file = join(home, 'report.html');
  await call(exportBacktest.name, { id: report.id, format: 'html', file });
  expect(readFileSync(file, 'utf8')).toMatch(
    /rounded: 1 time, first at line 6: open is &quot;[\d.]+0055&quot;/,
  );
});

test('every metric has a term, and its definition names none by its name', async () => {
  const { run, write } = openResearch();
  const { metrics, definitions } = await run({ ...cross, data: write('WAVE.csv', waveCsv(300)) });
  for (const name of Object.keys(metrics)) {
    expect(metricTerm(name), name).toMatch(/^[A-Z][a-zA-Z ,]+$/);
    expect(metricTerm(name), name).not.toBe(name);
    expect(inTerms(definitions[name] ?? ''), name).not.toMatch(/\b[a-z]+[A-Z]\w+| x /);
  }
  expect(new Set(Object.keys(metrics).map(metricTerm)).size).toBe(Object.keys(metrics).length);
});

test('a kept dataset is found by its symbol and by its name, and gives what its file gives', async () => {
  const { home, run, write } = openResearch();
  const file = write('WAVE.csv', waveCsv(300));
  mkdirSync(join(home, 'datasets'));
  await new (loadNative().BarImport)().run(file, join(home, 'datasets', 'my-wave.bars'), {
    symbol: 'WAVE',
    timeZone: null,
    allow: [],
    origin: 'demo',
  });
  const given = await run({ ...cross, data: file });
  const bySymbol = await run({ ...cross, symbols: 'WAVE' });
  const byName = await run({ ...cross, data: 'my-wave' });
  expect([bySymbol.hash, byName.hash]).toEqual([given.hash, given.hash]);
  expect(byName.data).toMatchObject([{ source: 'my-wave', origin: 'demo', symbol: 'WAVE' }]);
  await expect(run({ ...cross, symbols: 'OTHER', data: 'my-wave' })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
    message: 'my-wave has no OTHER; it has WAVE.',
  });
});

test('several agents trade several symbols on one account, netted, and each has a book', async () => {
  const { run, write } = openResearch();
  const data = `A=${write('a.csv', waveCsv(400))},B=${write('b.csv', waveCsv(400, 5))}`;
  const { agents, strategy, metrics, trades, status } = await run({
    data,
    agents: 'momentum:fast=5,slow=15@A,B; sma-cross:fast=5,slow=15@B',
  });
  expect([status, strategy]).toEqual(['passed', 'momentum+sma-cross']);
  expect(agents.map(({ id, books }) => [id, books.map(({ symbol }) => symbol)])).toEqual([
    ['momentum-1', ['A', 'B']],
    ['sma-cross-1', ['B']],
  ]);
  expect(new Set(trades.map(({ agentId }) => agentId))).toEqual(new Set(['momentum-1', 'sma-cross-1']));
  const earned = agents.flatMap(({ books }) => books).reduce((sum, book) => sum + book.pnlMicros, 0);
  expect(earned / 1e6).toBeCloseTo((metrics['finalEquity'] ?? 0) - (metrics['initialCash'] ?? 0), 5);
});

test('a sweep runs every combination that the strategy allows, and its best counts them all', async () => {
  const { run, call, write } = openResearch();
  const data = write('WAVE.csv', waveCsv(900));
  const grid = 'fast=5:15:5,slow=10|30';
  const best = BacktestReport.parse(await call(sweepBacktest.name, { strategy: 'sma-cross', data, grid }));
  if (best.grid === null) throw new Error('this is no sweep');
  const { variants, paramNames, combinations } = best.grid;
  expect([best.method, paramNames, combinations, best.trials]).toEqual(['sweep', ['fast', 'slow'], 6, 4]);
  expect(variants.filter(({ refused }) => refused !== null).map(({ params }) => params)).toEqual([
    [10, 10],
    [15, 10],
  ]);
  const scores = variants.slice(0, 4).map(({ metrics: [score] }) => score ?? Number.NaN);
  expect(scores).toEqual([...scores].sort((one, other) => other - one));
  expect(variants[0]?.params).toEqual([best.params['fast'], best.params['slow']]);
  const alone = await run({ strategy: 'sma-cross', data, params: best.params });
  expect(best.hash).toBe(alone.hash);
  expect(best.metrics['sharpe']).toBe(scores[0]);
  expect(best.metrics['deflatedSharpe']).toBeLessThan(alone.metrics['deflatedSharpe'] ?? 0);
  const { backtests } = listBacktests.output.parse(await call(listBacktests.name, {}));
  expect(backtests.map(({ id, method }) => [id, method])).toContainEqual([best.id, 'sweep']);
  expect(await call(showBacktest.name, { id: best.id })).toEqual(best);
});

test('a walk forward judges each choice on bars after it, and is kept, compared and exported like any backtest', async () => {
  const { home, run, call, write } = openResearch();
  const input = {
    strategy: 'sma-cross',
    data: write('WAVE.csv', waveCsv(900)),
    grid: { fast: [5, 10], slow: [20, 30] },
    trainBars: 300,
    testBars: 150,
  };
  const walk = BacktestReport.parse(await call(sweepBacktest.name, input));
  if (walk.walk === null) throw new Error('this is no walk');
  const { folds } = walk.walk;
  expect([walk.method, walk.status, folds.length, walk.trials]).toEqual(['walk-forward', 'passed', 4, 16]);
  for (const fold of folds) expect(fold.trainTo).toBeLessThan(fold.testFrom);
  expect([walk.firstAt, walk.lastAt, walk.bars]).toEqual([folds[0]?.testFrom, folds[3]?.testTo, 600]);
  expect(walk.checks.map(({ name, passed, detail }) => [name, passed, detail])).toEqual([
    ['lookAhead', true, 'passed by each of the 4 tests'],
    ['accounting', true, 'passed by each of the 4 tests'],
  ]);
  const growth = folds.reduce((product, fold) => product * (1 + fold.testReturnPct / 100), 1);
  expect(1 + (walk.metrics['returnPct'] ?? 0) / 100).toBeCloseTo(growth, 9);
  expect(walk.trades.length).toBeGreaterThan(0);
  expect(await call(showBacktest.name, { id: walk.id })).toEqual(walk);
  const plain = await run({ strategy: 'sma-cross', data: input.data });
  const { backtests } = listBacktests.output.parse(await call(listBacktests.name, {}));
  expect(new Map(backtests.map(({ id, method }) => [id, method]))).toEqual(
    new Map([
      [walk.id, 'walk-forward'],
      [plain.id, 'run'],
    ]),
  );
  const compared = compareBacktests.output.parse(
    await call(compareBacktests.name, { ids: [walk.id, plain.id] }),
  );
  expect(compared.differences).toContainEqual({ setting: 'method', values: ['walk-forward', 'run'] });
  expect(compared.differences).toContainEqual({ setting: 'grid', values: ['fast 5|10, slow 20|30', '-'] });
  const file = join(home, 'walk.html');
  await call(exportBacktest.name, { id: walk.id, format: 'html', file });
  expect(readFileSync(file, 'utf8')).toContain('Walk-forward: 4 folds');
  await expect(call(sweepBacktest.name, { ...input, testBars: 5_000 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/has 900 bars; .* needs 5300/),
  });
});

test.each<[string, object, RegExp]>([
  ['no grid', { grid: '' }, /at least one parameter/],
  ['a range that goes nowhere', { grid: 'fast=9:5:1' }, /"9:5:1" is no range/],
  ['a step of zero', { grid: 'fast=5:9:0' }, /"5:9:0" is no range/],
  ['a value that is no number', { grid: 'fast=5|x' }, /"5\|x" is no range .* no list/],
  ['too many combinations', { grid: 'fast=1:200:1,slow=201:400:1' }, /more than 10000 combinations/],
  ['a parameter that is fixed as well', { grid: 'fast=5', params: { fast: 6 } }, /in the grid already/],
  ['a training without a test', { grid: 'fast=5', trainBars: 100 }, /testBars.*bars to test on/],
  [
    'a metric that there is not',
    { grid: 'fast=5', rank: 'luck' },
    /rank: "luck" is unknown; give initialCash/,
  ],
  ['a metric that is nearly one', { grid: 'fast=5', rank: 'sharp' }, /did you mean sharpe\?/],
  ['a parameter that there is not', { grid: 'fats=5' }, /did you mean "fast"|BACKTEST_REFUSED/],
])('a sweep with %s is refused', async (_, input, message) => {
  const { home, call } = openResearch();
  const sweeping = call(sweepBacktest.name, { strategy: 'sma-cross', ...input });
  await expect(sweeping).rejects.toMatchObject({ message: expect.stringMatching(message) });
  expect(leftBehind(home)).toEqual([]);
});

const header = 'Date,Open,High,Low,Close,Volume\n';
const day = '2020-01-02,10,11,9,10,100\n';

test.each<[string, string, RegExp]>([
  ['NaN', `${day}2020-01-03,NaN,11,9,10,100\n`, /line 3: open is "NaN"; .*finite/],
  ['an infinity', `${day}2020-01-03,10,inf,9,10,100\n`, /line 3: high is "inf"; .*finite/],
  ['a negative price', `${day}2020-01-03,10,11,-9,10,100\n`, /line 3: low is "-9"; .*above zero/],
  ['a price of zero', `${day}2020-01-03,10,11,9,0,100\n`, /line 3: close is "0"; .*above zero/],
  ['no bar', '', /there are no bars; at least two are needed/],
  ['one bar', day, /one bar is all there is; at least two are needed/],
])('a file with %s is refused by line, value and rule, and leaves nothing', async (_, rows, message) => {
  const { home, run, write } = openResearch();
  const data = write('BAD.csv', header + rows);
  await expect(run({ ...cross, data })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(message),
  });
  expect(leftBehind(home)).toEqual([]);
});

test.each<[string, object, string, RegExp]>([
  ['an unknown strategy', { strategy: 'momentun' }, 'UNKNOWN_STRATEGY', /did you mean momentum\?/],
  [
    'an unknown strategy of an agent',
    { agents: 'momentum; mean-revesion' },
    'UNKNOWN_STRATEGY',
    /did you mean mean-reversion\?/,
  ],
  [
    'a parameter outside its range',
    { strategy: 'sma-cross', params: { fast: 0 } },
    'INVALID_INPUT',
    /fast.* a whole number from 1 to 500 bars, not 0/,
  ],
  ['an unknown parameter', { strategy: 'sma-cross', params: { fats: 3 } }, 'INVALID_INPUT', /mean fast\?/],
  [
    'parameters that contradict each other',
    { strategy: 'sma-cross', params: { fast: 30, slow: 10 } },
    'INVALID_INPUT',
    /slow is 10 and fast is 30; slow must be more than fast/,
  ],
  ['neither strategy nor agents', {}, 'INVALID_INPUT', /give a strategy, or agents/],
  [
    'a time that ends before it starts',
    { ...cross, start: '2020-01-02', end: '2020-01-01' },
    'INVALID_INPUT',
    /end/,
  ],
  ['a time without bars', { ...cross, start: '2021-01-01' }, 'DATASET_INVALID', /SPX has no bars/],
  ['a symbol without data', { ...cross, symbols: 'AAPL' }, 'DATASET_NOT_FOUND', /There is no data for AAPL/],
  ['an unknown dataset', { ...cross, data: 'nothing' }, 'DATASET_NOT_FOUND', /no data called "nothing"/],
  ['a missing file', { ...cross, data: '/nowhere/x.csv' }, 'FILE_NOT_FOUND', /\/nowhere\/x\.csv/],
])('%s is refused with a code and a remedy', async (_, input, code, message) => {
  const { home, run } = openResearch();
  await expect(run(input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(leftBehind(home)).toEqual([]);
});

test('a folder without bars, a device and a file that no symbol is named after are refused with a remedy', async () => {
  const { home, run, write } = openResearch();
  mkdirSync(join(home, 'prices'));
  const cases: readonly [string, string, RegExp][] = [
    [join(home, 'prices'), 'FILE_NOT_FOUND', /prices has no CSV or Parquet file\. Name one/],
    ['/dev/null', 'INVALID_INPUT', /"\/dev\/null" is no regular file; give a CSV/],
    [
      write('my prices.csv', waveCsv(30)),
      'INVALID_INPUT',
      /"my prices\.csv" is not named after one; give its symbol/,
    ],
  ];
  for (const [data, code, message] of cases)
    await expect(run({ ...cross, data }), data).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
});

test('line ends of Windows, a byte-order mark and quotes change nothing', async () => {
  const { run, write } = openResearch();
  const text = waveCsv(300);
  const plain = await run({ ...cross, data: write('A.csv', text) });
  const quoted = text.replaceAll(/[^,\n]+/g, '"$&"');
  for (const [name, dressed] of [
    ['B.csv', text.replaceAll('\n', '\r\n')],
    ['C.csv', `\ufeff${text}`],
    ['D.csv', quoted],
  ] as const) {
    const { hash, data } = await run({ ...cross, data: write(name, dressed) });
    expect([name, hash, data[0]?.barsSha256]).toEqual([name, plain.hash, plain.data[0]?.barsSha256]);
  }
});

test('symbols that do not overlap in time are refused', async () => {
  const { run, write } = openResearch();
  const rows = (year: number): string =>
    `${header}${day}${day.replace('-02', '-03')}`.replaceAll('2020', String(year));
  const data = `A=${write('a.csv', rows(2010))},B=${write('b.csv', rows(2020))}`;
  await expect(run({ ...cross, data })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: 'A ends before B starts; symbols must overlap in time',
  });
});

test('one that is cancelled in the middle says so, and nothing of it is kept', async () => {
  const { home, run, call, done, write } = openResearch();
  const data = write('LONG.csv', waveCsv(150_000));
  const stop = new AbortController();
  const outcome = run({ ...cross, data }, stop.signal).catch((error: unknown) => error);
  await expect.poll(done, { interval: 1, timeout: 30_000 }).toBeGreaterThan(0);
  stop.abort();
  expect(await outcome).toMatchObject({ code: 'CANCELLED' });
  await expect.poll(() => leftBehind(home)).toEqual([]);
  expect(await call(listBacktests.name, {})).toEqual({ backtests: [] });
});

test('what was run is listed and exported whole; the trades as CSV name their agent', async () => {
  const { home, run, call, write } = openResearch();
  const report = await run({ ...cross, data: write('WAVE.csv', waveCsv(300)) });
  const { backtests } = listBacktests.output.parse(await call(listBacktests.name, {}));
  expect(backtests.map(({ id, status }) => [id, status])).toEqual([[report.id, 'passed']]);
  const file = join(home, 'out.csv');
  await call(exportBacktest.name, { id: report.id, format: 'csv', file });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(report.tradeCount + 1);
  expect(lines[0]).toContain('agent');
  expect(lines[1]).toContain('sma-cross-1');
});
