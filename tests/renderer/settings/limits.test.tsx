// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { defaultLimits, limitRows } from '../../../electron/contract/limits.ts';
import { DeskError } from '../../../electron/contract/errors.ts';
import { Settings } from '../../../electron/contract/market.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import type { OperationOutput } from '../../../renderer/bridge.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);

const board: OperationOutput<'limits.set'> = {
  mode: 'demo',
  limits: limitRows(defaultLimits),
  changed: null,
  breach: null,
};

const handlers: FakeHandlers = {
  'settings.read': () => Settings.parse({ timeZone: 'Europe/Berlin' }),
  'limits.set': () => board,
};

async function open(more: FakeHandlers = {}, ...events: DeskEvent[]) {
  const state = stateAfter(...startedEvents(at), ...events);
  const desk = await renderApp({ state, gauges: gaugesAt(at), handlers: { ...handlers, ...more } });
  fireEvent.click(screen.getByRole('button', { name: 'Settings' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Settings' }));
  const form = within(dialog.getByRole('form', { name: 'Limits' }));
  for (const level of ['Each order', 'The account'])
    fireEvent.click(form.getByRole('button', { name: level }));
  return { desk, form };
}

const notional = 'Largest value of one order';
const dailyLoss = 'Loss of a day at which the desk opens nothing more';

test('shows the limits in force with their ranges, and saves all that were touched at once', async () => {
  const { desk, form } = await open();
  const field = form.getByRole('textbox', { name: notional });
  expect(field).toHaveProperty('value', '25000');
  expect(form.getAllByText('1 to 100000000 USD').length).toBeGreaterThan(0);
  expect(form.getByRole('button', { name: 'Save limits' })).toHaveProperty('disabled', true);
  fireEvent.change(field, { target: { value: '20000' } });
  fireEvent.change(form.getByRole('textbox', { name: dailyLoss }), { target: { value: '2,500' } });
  fireEvent.click(form.getByRole('radio', { name: 'No' }));
  fireEvent.click(form.getByRole('button', { name: 'Save limits' }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      name: 'limits.set',
      input: { changes: { 'order.notional': 20_000, 'account.dailyLoss': 2_500, 'account.shorting': 0 } },
    }),
  );
});

test('says at the field what is wrong, and saves nothing meanwhile', async () => {
  const { form } = await open();
  fireEvent.change(form.getByRole('textbox', { name: notional }), { target: { value: '0' } });
  fireEvent.change(form.getByRole('textbox', { name: dailyLoss }), { target: { value: '10' } });
  expect(form.getByRole('alert').textContent).toBe('must be 1 to 100000000 USD, not 0');
  expect(form.getByRole('button', { name: 'Save limits' })).toHaveProperty('disabled', true);
  fireEvent.click(form.getByRole('button', { name: 'Undo' }));
  expect(form.queryByRole('alert')).toBeNull();
  expect(form.getByRole('textbox', { name: notional })).toHaveProperty('value', '25000');
});

test('asks for the number of a LIVE account and shows why it was refused', async () => {
  const live = { kind: 'AccountChosen', at, actor: 'cli', account: 'live', accountNumber: '9' } as const;
  const refuse = (): never => {
    throw new DeskError('CONFIRMATION_REQUIRED', '"1" is not its number.');
  };
  const { desk, form } = await open({ 'limits.set': refuse }, live);
  expect(form.queryByRole('textbox', { name: 'Account number' })).toBeNull();
  fireEvent.change(form.getByRole('textbox', { name: notional }), { target: { value: '20000' } });
  expect(form.getByRole('button', { name: 'Save limits' })).toHaveProperty('disabled', true);
  fireEvent.change(form.getByRole('textbox', { name: 'Account number' }), { target: { value: '1' } });
  fireEvent.click(form.getByRole('button', { name: 'Save limits' }));
  expect((await form.findByRole('alert')).textContent).toBe('"1" is not its number.');
  expect(desk.calls).toContainEqual({
    name: 'limits.set',
    input: { changes: { 'order.notional': 20_000 }, confirm: '1' },
  });
});

test('tells who changed the limits last, and what is breached', async () => {
  const { form } = await open(
    {},
    {
      kind: 'LimitsChanged',
      at,
      actor: 'cli',
      mode: 'demo',
      changes: [{ name: 'order.notional', before: 25_000_000_000, after: 9_000_000_000 }],
    },
    { kind: 'LimitBreached', at, code: 'DAILY_LOSS', value: 1, limit: 1, detail: 'the account has lost.' },
  );
  expect(form.getByRole('textbox', { name: notional })).toHaveProperty('value', '9000');
  expect(form.getByText(/by the command line/)).toBeTruthy();
  expect(form.getByText(/Positions only shrink: the account has lost\./)).toBeTruthy();
});
