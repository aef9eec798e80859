import { expect, test, vi } from 'vitest';
import { createCliHarness, memorySink } from '../support/cli-harness.ts';
import { answering, answers, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

async function openCli() {
  const desk = createFakeDesk(answering(), busySnapshot);
  return { desk, cli: await createCliHarness(desk) };
}

test('symbols, seed, length and size reach the host', async () => {
  const { desk, cli } = await openCli();
  await cli.run('simulate', '--symbols', 'spy, ko', '--seed', '7', '--bars', '1000', '--timeframe', '5Min');
  expect(desk.calls).toMatchObject([
    {
      name: 'market.simulate',
      input: { symbols: ['SPY', 'KO'], seed: 7, bars: 1_000, timeframe: '5Min', start: '2026-01-05' },
    },
  ]);
});

test('the figures stand beside the sample, and everything says that it is simulated', async () => {
  const { cli } = await openCli();
  const { stdout } = await cli.run('simulate', '--symbols', 'KO', '--seed', '7');
  expect(stdout).toContain('Simulated with seed 7:\nsimulated-7-ko-1day: 2520 bars of KO every day');
  expect(stdout).toContain('from the simulator, simulated.');
  expect(stdout).toMatch(/FIGURE +S&P 500 SAMPLE +KO SIMULATED\nskewness +-0\.123 +0\.250\n/);
  expect(stdout).toContain(
    'The simulator is fitted to the sample in SPY; the figures of KO are plausible, not fitted.',
  );
  expect(stdout).toContain('Nobody ever traded at these prices.');
});

test('what was not measured says so, and a missing sample too', async () => {
  const answer = answers['market.simulate'];
  const few = {
    ...answer,
    calibration: {
      sample: null,
      simulated: [{ symbol: 'SPY', fitted: true, days: 5, figures: [{ name: 'skewness', value: null }] }],
    },
  };
  const desk = createFakeDesk(answering({ 'market.simulate': () => few }), busySnapshot);
  const { stdout } = await (await createCliHarness(desk)).run('simulate', '--days', '5');
  expect(stdout).toMatch(/FIGURE +SPY SIMULATED\nskewness +not measured\n/);
  expect(stdout).toContain('Measured on 5 simulated days');
  expect(stdout).toContain('The S&P 500 sample is not installed.');
  expect(stdout).not.toContain('plausible');
});

test('on a terminal it is drawn how far the work is, and taken away at the end', async () => {
  const stderr = memorySink(true);
  const frame = busySnapshot();
  if (!frame.gauges) throw new Error('a snapshot has gauges');
  const work = [{ id: 'data-a', label: 'Simulation of a', done: 250, total: 1_000 }];
  const seen = { ...frame, gauges: { ...frame.gauges, work } };
  const drawn = async () => {
    await vi.waitFor(() => expect(stderr.text()).toContain('Simulation of a: 25 %'));
    return answers['market.simulate'];
  };
  const cli = await createCliHarness(createFakeDesk(answering({ 'market.simulate': drawn }), () => seen));
  const run = await cli.runWith({ stderr }, 'simulate');
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('Simulated with seed 7') });
  expect(stderr.text().endsWith('\r\u001B[K')).toBe(true);
});

test.each([
  [['--days', '10', '--bars', '10'], /bars.*give days or bars, not both/],
  [['--days', '0'], /days/],
  [['--days', '12601'], /days.*12600/],
  [['--bars', '1'], /bars/],
  [['--seed', '-1'], /seed/],
  [['--timeframe', '2Min'], /timeframe.*did you mean 1Min/],
  [['--start', 'soon'], /start.*2026-01-05/],
  [['--name', 'Upper'], /name.*lower-case/],
  [['--symbols', ''], /symbols/],
])('%j is wrong usage and does not reach the host', async (argv, message) => {
  const { desk, cli } = await openCli();
  const run = await cli.run('simulate', ...argv);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(message);
  expect(desk.calls).toEqual([]);
});
