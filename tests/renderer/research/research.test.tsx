// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { summariseBacktest } from '../../../electron/contract/backtest-report.ts';
import { DeskError } from '../../../electron/contract/errors.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { backtest, sweep, walk } from '../../support/sample-backtest.ts';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const state = stateAfter(...startedEvents(at));

async function openResearch(run: NonNullable<FakeHandlers['backtest.run']>, kept = backtest) {
  const fake = await renderApp({
    state,
    gauges: gaugesAt(at),
    handlers: {
      'backtest.list': () => ({ backtests: [summariseBacktest(kept)] }),
      'backtest.show': () => kept,
      'backtest.run': run,
    },
  });
  fireEvent.click(screen.getByRole('button', { name: 'Research' }));
  return fake;
}

test('a kept backtest opens with its figures, their definitions and its checks, marked as simulated', async () => {
  await openResearch(() => backtest);
  fireEvent.click(await screen.findByRole('button', { name: /sma-cross/ }));
  const metrics = within(await screen.findByRole('table', { name: 'Metrics' }));
  expect(
    metrics.getByRole('row', { name: 'Return 12.50 % Final equity / cash at the start − 1.' }),
  ).toBeTruthy();
  expect(metrics.getByRole('row', { name: /Sharpe ratio not defined/ })).toBeTruthy();
  expect(within(screen.getByRole('table', { name: 'Checks' })).getByText('passed')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'sma-cross on AAA' }).textContent).toContain('SIMULATED');
});

test('a walk-forward is told from a run in the list, and opens with its folds', async () => {
  await openResearch(() => backtest, walk);
  fireEvent.click(await screen.findByRole('button', { name: /sma-cross\s*walk-forward/ }));
  const folds = within(await screen.findByRole('table', { name: 'Folds' }));
  expect(
    folds.getByRole('row', {
      name: '2020-01-02 to 2020-01-03 2020-01-04 to 2020-01-04 fast 10, slow 30 1.5000 −2.25 %',
    }),
  ).toBeTruthy();
  expect(screen.queryByRole('table', { name: 'Variants' })).toBeNull();
});

test('a sweep opens with the variants that were run, by terms, the best first', async () => {
  await openResearch(() => backtest, sweep);
  fireEvent.click(await screen.findByRole('button', { name: /sma-cross\s*sweep/ }));
  const variants = within(await screen.findByRole('table', { name: 'Variants' }));
  expect(variants.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
    'fastslowSharpe ratioReturn',
    '10301.250012.50 %',
    '530not defined0.00 %',
  ]);
});

test('what the import of the data found stands below the figures', async () => {
  const [source] = backtest.data;
  if (!source) throw new Error('the sample has data');
  const examples = [{ line: 6, column: 'open', value: '1.07083', rule: 'rounded to 0.0001 USD' }];
  const problems = [{ kind: 'rounded' as const, refused: false, count: 2_500, dropped: 0, examples }];
  await openResearch(() => backtest, { ...backtest, data: [{ ...source, problems }] });
  fireEvent.click(await screen.findByRole('button', { name: /sma-cross/ }));
  expect((await screen.findByRole('table', { name: 'Data' })).textContent).toContain(
    'rounded: 2,500 times, first at line 6: open is "1.07083"; rounded to 0.0001 USD',
  );
});

test('the form sends what was filled in and leaves the rest to the host', async () => {
  const fake = await openResearch(() => backtest);
  fireEvent.change(screen.getByLabelText('Symbols'), { target: { value: 'aapl, msft' } });
  fireEvent.change(screen.getByLabelText('Parameters'), { target: { value: 'fast=5, slow=20' } });
  fireEvent.click(screen.getByRole('button', { name: 'Run the backtest' }));
  await screen.findByRole('table', { name: 'Metrics' });
  expect(fake.calls.find(({ name }) => name === 'backtest.run')?.input).toMatchObject({
    strategy: 'momentum',
    symbols: ['AAPL', 'MSFT'],
    params: { fast: 5, slow: 20 },
    cash: 10_000,
    commissionBps: 5,
    fill: 'next-open',
  });
});

test('a refusal stands under the form, and the work of the host is shown while it runs', async () => {
  let refuse = (): void => undefined;
  const fake = await openResearch(
    () =>
      new Promise((_, reject) => {
        refuse = () => reject(new DeskError('DATASET_NOT_FOUND', 'There is no data for AAPL.'));
      }),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Run the backtest' }));
  const work = [{ id: 'bt-1', label: 'Backtest of momentum on AAPL', done: 3, total: 4 }];
  fake.setGauges(gaugesAt(at, { work }));
  expect(await screen.findByText('Backtest of momentum on AAPL: 75 %')).toBeTruthy();
  refuse();
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('There is no data for AAPL.'));
  expect(await screen.findByRole('button', { name: 'Run the backtest' })).toBeTruthy();
});

test('a run can be cancelled, and the host is told', async () => {
  await openResearch(
    (_input, _host, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () =>
          reject(new DeskError('CANCELLED', 'The backtest was cancelled; nothing was kept.')),
        );
      }),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Run the backtest' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect((await screen.findByRole('alert')).textContent).toContain('nothing was kept');
  expect(await screen.findByRole('button', { name: 'Run the backtest' })).toBeTruthy();
});

test('one that failed a check says so above its figures', async () => {
  const checks = [
    { name: 'lookAhead', passed: false, detail: 'it changed', betrayedAt: Date.UTC(2020, 0, 3) },
  ];
  await openResearch(() => ({ ...backtest, status: 'failed', checks }));
  fireEvent.click(screen.getByRole('button', { name: 'Run the backtest' }));
  expect((await screen.findByRole('alert')).textContent).toContain(
    'FAILED Look-ahead: do not believe the figures.',
  );
  expect(screen.getByRole('table', { name: 'Checks' }).textContent).toContain(
    'bar of 2020-01-03T00:00:00.000Z',
  );
});
