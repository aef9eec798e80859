// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { Settings } from '../../../electron/contract/market.ts';
import { draftOf, inputOf } from '../../../renderer/settings/market-draft.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const current = { source: 'simulator', seed: 1, speed: 60 } as const;

const handlers: FakeHandlers = {
  'settings.read': () => Settings.parse({ timeZone: 'Europe/Berlin' }),
  'settings.change': ({ budget }) => Settings.parse({ budgetMicros: (budget ?? 0) * 1_000_000 }),
  'market.sources': () => ({
    current,
    sources: [
      { id: 'simulator', label: 'Simulator', available: true, detail: '8 symbols' },
      { id: 'sp500', label: 'S&P 500 replay', available: true, detail: 'daily bars' },
      { id: 'csv', label: 'CSV file', available: true, detail: 'your own bars' },
    ],
  }),
};

async function open(more: FakeHandlers = {}) {
  const state = stateAfter(...startedEvents(at));
  const desk = await renderApp({ state, gauges: gaugesAt(at), handlers: { ...handlers, ...more } });
  fireEvent.click(screen.getByRole('button', { name: 'Settings' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Settings' }));
  await dialog.findByRole('radio', { name: 'Simulator' });
  return { desk, dialog };
}

test('changes the daily budget at the host', async () => {
  const { desk, dialog } = await open();
  const budget = dialog.getByRole('textbox', { name: 'Daily budget, USD' });
  await waitFor(() => expect(budget).toHaveProperty('value', '5.00'));
  expect(dialog.getByText('The day starts at midnight in Europe/Berlin')).toBeTruthy();
  expect(dialog.getByRole('button', { name: 'Save budget' }).hasAttribute('disabled')).toBe(true);
  fireEvent.change(budget, { target: { value: '7.50' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Save budget' }));
  await waitFor(() => expect(desk.calls).toContainEqual({ name: 'settings.change', input: { budget: 7.5 } }));
});

test('chooses a replay with its speed', async () => {
  const { desk, dialog } = await open({
    'market.choose': () => ({ label: 'replay SP500', symbols: ['SPX'] }),
  });
  fireEvent.click(dialog.getByRole('radio', { name: 'S&P 500 replay' }));
  fireEvent.change(await dialog.findByRole('textbox', { name: 'Speed' }), { target: { value: '50' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Switch market' }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      name: 'market.choose',
      input: { source: 'replay', file: 'sp500', barsPerSecond: 50 },
    }),
  );
});

test('shows why the market cannot be switched', async () => {
  const { dialog } = await open({
    'market.choose': () => {
      throw new DeskError('MARKET_IN_USE', '3 agents trade on this market. Stop them, then switch.');
    },
  });
  fireEvent.click(dialog.getByRole('button', { name: 'Switch market' }));
  expect((await dialog.findByRole('alert')).textContent).toBe(
    '3 agents trade on this market. Stop them, then switch.',
  );
});

test('a market draft becomes input only when its fields can be used', () => {
  const draft = draftOf(current);
  expect(inputOf({ ...draft, speed: '0' })).toBeNull();
  expect(inputOf({ ...draft, id: 'csv', file: '' })).toBeNull();
  expect(inputOf({ ...draft, id: 'csv', file: '/data/goog.csv', symbol: 'goog' })).toEqual({
    source: 'replay',
    file: '/data/goog.csv',
    symbol: 'GOOG',
    barsPerSecond: 20,
  });
});
