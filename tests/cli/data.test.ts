import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, answers, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

async function openCli() {
  const desk = createFakeDesk(answering(), busySnapshot);
  return { desk, cli: await createCliHarness(desk) };
}

test('a file and what may be left out reach the host, the file by its whole path', async () => {
  const { desk, cli } = await openCli();
  await cli.run('data-import', 'sp500', '--allow', 'duplicate, out-of-order', '--time-zone', 'UTC');
  expect(desk.calls).toMatchObject([
    { name: 'data.import', input: { allow: ['duplicate', 'out-of-order'], timeZone: 'UTC' } },
  ]);
  expect(desk.calls[0]?.input).toMatchObject({ file: expect.stringMatching(/^\/.*sp500$/) });
});

test('words tell what was left out and where it first stood', async () => {
  const { cli } = await openCli();
  const { stdout } = await cli.run('data-import', join('a', 'goog.csv'));
  expect(stdout).toContain(
    'Imported goog: 2148 bars of GOOG every day, 2004-08-19 to 2013-03-01, from a file.',
  );
  expect(stdout).toContain(
    'duplicate: 2 times, 2 rows left out, first at line 7: date is "2004-08-26"; the bar before has the same time',
  );
});

test('the list shows imports under way and files that cannot be used', async () => {
  const { cli } = await openCli();
  const { stdout } = await cli.run('data');
  expect(stdout).toMatch(/goog +GOOG +2148 +day +2004-08-19 +2013-03-01 +a file +2 duplicate/);
  expect(stdout).toContain('Importing minutes: 4096 rows, 25.0 % read.');
  expect(stdout).toContain('Simulating simulated-1-spy-1min: 25.0 % made.');
  expect(stdout).toContain('old cannot be used: not a bar file of this version');
});

test('bars of the demo market say that they are simulated', async () => {
  const [goog] = answers['data.fetch'].datasets;
  if (!goog) throw new Error('an answer is needed');
  const demo = { datasets: [{ ...goog, origin: 'demo' as const, simulated: true, fetched: 0 }] };
  const cli = await createCliHarness(createFakeDesk(answering({ 'data.fetch': () => demo }), busySnapshot));
  const { stdout } = await cli.run('data-fetch', 'goog', '--start', '2025-01-01');
  expect(stdout).toContain('demo market, simulated');
  expect(stdout).toContain('nothing new was needed');
});

test.each([
  [['data-import', 'x.csv', '--allow', 'everything'], /allow.*duplicate/],
  [['data-import', 'x.csv', '--name', '../x'], /name/],
  [['data-import'], /file/],
  [['data-fetch', 'AAPL'], /start/],
  [['data-fetch', 'AAPL', '--start', 'soon'], /start.*2024-01-31/],
  [['data-fetch', 'AAPL', '--start', '2025-01-01', '--timeframe', '90Min'], /timeframe.*1Min to 59Min/],
  [['data-remove', 'UPPER'], /name.*lower-case/],
])('%j is wrong usage and does not reach the host', async (argv, message) => {
  const { desk, cli } = await openCli();
  const run = await cli.run(...argv);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(message);
  expect(desk.calls).toEqual([]);
});

test('the help of a command ends with examples', async () => {
  const { cli } = await openCli();
  const { stdout } = await cli.run('data-import', '--help');
  expect(stdout).toMatch(/Examples:\n {2}neural-trader data-import GOOG\.csv\n/);
});
