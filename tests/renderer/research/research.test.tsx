// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { summariseBacktest } from '../../../electron/contract/backtest-report.ts';
import { DeskError } from '../../../electron/contract/errors.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { backtest } from '../../support/sample-backtest.ts';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const state = stateAfter(...startedEvents(at));

async function openResearch(run: NonNullable<FakeHandlers['backtest.run']>) {
  const fake = await renderApp({
    state,
    gauges: gaugesAt(at),
    handlers: {
      'backtest.list': () => ({ backtests: [summariseBacktest(backtest)] }),
      'backtest.show': () => backtest,
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
    metrics.getByRole('row', { name: /returnPct 12\.50 % finalEquity \/ initialCash - 1\./ }),
  ).toBeTruthy();
  expect(metrics.getByRole('row', { name: /sharpe not defined/ })).toBeTruthy();
  expect(within(screen.getByRole('table', { name: 'Checks' })).getByText('passed')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'sma-cross on AAA' }).textContent).toContain('SIMULATED');
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
    'FAILED lookAhead: do not believe the figures.',
  );
  expect(screen.getByRole('table', { name: 'Checks' }).textContent).toContain(
    'bar of 2020-01-03T00:00:00.000Z',
  );
});
