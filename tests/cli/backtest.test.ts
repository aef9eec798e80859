import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { summariseBacktest } from '../../electron/contract/backtest-report.ts';
import { openLocalResearch } from '../../electron/host/local-research.ts';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';
import { backtest, sweep, walk } from '../support/sample-backtest.ts';
import { waveCsv } from '../support/wave-csv.ts';

const goog = fileURLToPath(new URL('../../../shared/data/GOOG.csv', import.meta.url));
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const openResearch = async (paths: Parameters<typeof openLocalResearch>[0]) =>
  openLocalResearch(paths, silent);

async function openCli() {
  const desk = createFakeDesk(answering(), busySnapshot);
  return { desk, cli: await createCliHarness(desk) };
}

test('files leave the command line by their whole paths, names of datasets as they are', async () => {
  const { desk, cli } = await openCli();
  await cli.run('backtest', '--strategy', 'momentum', '--data', 'A=a.csv,B=goog,sub/c.parquet,sp500');
  expect(desk.calls).toMatchObject([
    {
      name: 'backtest.run',
      input: { data: `A=${join(cli.home, 'a.csv')},B=goog,${join(cli.home, 'sub/c.parquet')},sp500` },
    },
  ]);
});

test('agents are told apart by semicolons, their parameters by a colon, their symbols by an at sign', async () => {
  const { desk, cli } = await openCli();
  await cli.run('backtest', '--agents', 'momentum:fast=5,slow=20@A,B; mean-reversion@A');
  expect(desk.calls).toMatchObject([
    {
      name: 'backtest.run',
      input: {
        agents: [
          { strategy: 'momentum', params: { fast: 5, slow: 20 }, symbols: ['A', 'B'] },
          { strategy: 'mean-reversion', params: {}, symbols: ['A'] },
        ],
      },
    },
  ]);
});

test('one that fails a check is shown as failed, with the bar that betrays it, and is no success', async () => {
  const failed = {
    ...backtest,
    status: 'failed' as const,
    checks: [
      {
        name: 'lookAhead',
        passed: false,
        detail: 'a decision changed when the data after it was cut off',
        betrayedAt: Date.parse('2020-01-03'),
      },
    ],
  };
  const desk = createFakeDesk(answering({ 'backtest.run': () => failed }), busySnapshot);
  const cli = await createCliHarness(desk);
  const words = await cli.run('backtest', '--strategy', 'momentum');
  expect(words.code).toBe(1);
  expect(words.stdout).toContain('FAILED  lookAhead: do not believe the figures');
  expect(words.stdout).toContain('cut off; bar of 2020-01-03T00:00:00.000Z');
  expect(words.stderr).toContain('lookAhead at the bar of 2020-01-03T00:00:00.000Z');
  const json = await cli.run('backtest', '--strategy', 'momentum', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, value: { status: 'failed' } });
});

test.skipIf(!existsSync(goog))(
  'without a host it does the work itself: JSON has every metric by its name',
  async () => {
    const cli = await createCliHarness(null);
    const line = `backtest --strategy sma-cross --symbols GOOG --data ${goog} --start 2004-08-19 --end 2013-03-01 --param fast=10 --param slow=30 --cash 10000 --json`;
    const { code, stdout } = await cli.runWith({ openResearch }, ...line.split(' '));
    expect(code).toBe(0);
    const { value } = JSON.parse(stdout);
    expect(value.metrics.finalEquity).toBeCloseTo(51_422.99, 6);
    expect(value.tradeCount).toBe(66);
    expect(value.checks.map(({ name, passed }: { name: string; passed: boolean }) => [name, passed])).toEqual(
      [
        ['lookAhead', true],
        ['determinism', true],
        ['accounting', true],
      ],
    );
    for (const name of Object.keys(value.metrics)) expect(value.definitions[name], name).toMatch(/\w{3}/);
  },
);

test('words are a table of figures under what was assumed, marked as simulated', async () => {
  const cli = await createCliHarness(null);
  const file = join(cli.home, '..', 'WAVE.csv');
  writeFileSync(
    file,
    waveCsv(300).replace(/\n2010-01-05,\d+\.\d\d/, (open) => `${open}0055`),
  );
  const { code, stdout, stderr } = await cli.runWith(
    { openResearch },
    'backtest',
    '--strategy',
    'momentum',
    '--data',
    file,
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^BACKTEST {2}simulated on past data/);
  expect(stdout).toContain('momentum on WAVE, 2010-01-01 to 2010-10-27');
  expect(stdout).toContain('NO COSTS assumed');
  expect(stdout).toMatch(
    /\n {2}rounded: 1 time, first at line 6: open is "[\d.]+0055"; rounded to 0\.0001 USD\n/,
  );
  expect(stdout).toMatch(/ Return +-?[\d.,]+ %|\nReturn +-?[\d.,]+ %/);
  expect(stdout).toMatch(/lookAhead +passed/);
});

test('a sweep shows its grid, a walk-forward its folds, also when it is shown again', async () => {
  const desk = createFakeDesk(
    answering({
      'backtest.show': () => walk,
      'backtest.list': () => ({ backtests: [walk, sweep].map(summariseBacktest) }),
    }),
    busySnapshot,
  );
  const cli = await createCliHarness(desk);
  const swept = await cli.run('backtest-sweep', '--strategy', 'sma-cross', '--grid', 'fast=5:30:5,slow=30');
  expect(swept.stdout).toContain('Best of the grid, by Sharpe ratio: 2 of 3 combinations were run');
  expect(swept.stdout).toMatch(/FAST +SLOW +SHARPE RATIO +RETURN\n +10 +30 +1\.2500 +12\.50 %\n/);
  const walked = await cli.run('backtest-show', 'bt-0000000c');
  expect(walked.stdout).toContain('Walked forward in 2 folds by Sharpe ratio; 4 variants were run');
  expect(walked.stdout).toMatch(
    /2020-01-02 to 2020-01-03 +2020-01-04 to 2020-01-04 +fast 10, slow 30 +1\.5000 +-2\.25 %/,
  );
  const list = await cli.run('backtests');
  expect(list.stdout).toMatch(/bt-0000000c +walk-forward +sma-cross/);
  expect(list.stdout).toMatch(/bt-0000000a +sweep +sma-cross/);
});

test.each([
  [
    ['--strategy', 'momentun'],
    'UNKNOWN_STRATEGY',
    /^strategy: "momentun" is unknown; did you mean momentum\?/,
  ],
  [
    ['--agents', 'momentum;mean-revesion'],
    'UNKNOWN_STRATEGY',
    /agents, number 2: .*did you mean mean-reversion\?/,
  ],
  [
    ['--strategy', 'sma-cross', '--param', 'fast=0'],
    'INVALID_INPUT',
    /^param fast: must be a whole number from 1 to 500/,
  ],
  [['--strategy', 'momentum', '--cash', '-5'], 'INVALID_INPUT', /^cash: -5 is too small/],
  [['--strategy', 'momentum', '--cash', 'NaN'], 'INVALID_INPUT', /^cash: "NaN" is not a number/],
  [
    ['--strategy', 'momentum', '--start', 'soon'],
    'INVALID_INPUT',
    /^start: "soon".*a date such as 2015-01-02/,
  ],
  [
    ['--strategy', 'momentum', '--start', '2020-01-02', '--end', '2020-01-01'],
    'INVALID_INPUT',
    /^end: .*before/,
  ],
  [['--strategy', 'momentum', '--spread-bps', '3'], 'INVALID_INPUT', /^spread-bps: .*fill quote/],
  [[], 'INVALID_INPUT', /give a strategy, or agents/],
])('%j is wrong usage and does not reach the host', async (argv, code, message) => {
  const { desk, cli } = await openCli();
  const run = await cli.run('backtest', ...argv, '--json');
  expect(run.code).toBe(2);
  expect(JSON.parse(run.stdout)).toMatchObject({
    error: { code, message: expect.stringMatching(message) },
  });
  expect(desk.calls).toEqual([]);
});
