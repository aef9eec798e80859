// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { Settings } from '../../../electron/contract/market.ts';
import type { OperationOutput } from '../../../renderer/bridge.ts';
import { draftOf, inputOf } from '../../../renderer/settings/market-draft.ts';
import * as providerDraft from '../../../renderer/settings/provider-draft.ts';
import { demoAccount } from '../../support/demo-account.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const current = { source: 'simulator', seed: 1, speed: 60 } as const;

const local: OperationOutput<'provider.show'> = {
  choice: { kind: 'local' },
  address: 'http://127.0.0.1:4001',
  keySource: 'none',
  keyProtection: { kind: 'file', detail: 'A stored key is not encrypted.' },
  limits: { concurrent: 100, createsPerSecond: 50, maxSessionMs: 86_400_000 },
};

const handlers: FakeHandlers = {
  'account.show': () => demoAccount,
  'provider.show': () => local,
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

test('switches how orders fill, says what that means, and leaves the speed alone', async () => {
  const { desk, dialog } = await open({
    'market.choose': () => ({ label: 'simulated, realistic fills', symbols: ['AAPL'] }),
  });
  const fills = within(await dialog.findByRole('radiogroup', { name: 'How orders fill' }));
  expect(fills.getByRole('radio', { name: 'Paper account' }).getAttribute('aria-checked')).toBe('true');
  fireEvent.click(fills.getByRole('radio', { name: 'Realistic' }));
  expect(dialog.getByText(/displayed size, then worse prices; 50 ms late/)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Switch market' }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      name: 'market.choose',
      input: { source: 'simulator', speed: current.speed, fills: 'realistic' },
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

describe('sandboxes', () => {
  const button = (dialog: ReturnType<typeof within>, name: string) => dialog.getByRole('button', { name });

  async function openSelfHosted(more: FakeHandlers = {}) {
    const { desk, dialog } = await open(more);
    fireEvent.click(await dialog.findByRole('radio', { name: 'Self-hosted E2B' }));
    fireEvent.click(dialog.getByRole('radio', { name: 'Addresses' }));
    const type = (name: string, value: string): void => {
      fireEvent.change(dialog.getByLabelText(name), { target: { value } });
    };
    type('API address', 'http://127.0.0.1:3000');
    type('Sandbox address', 'http://127.0.0.1:3002');
    return { desk, dialog, type };
  }

  const typed = {
    kind: 'e2b',
    apiUrl: 'http://127.0.0.1:3000',
    sandboxUrl: 'http://127.0.0.1:3002',
  } as const;

  test('tests the connection with what is typed and shows the measured time', async () => {
    const { desk, dialog, type } = await openSelfHosted({
      'provider.test': () => ({ ok: true, address: typed.apiUrl, sandboxes: 1, tookMs: 42.4 }),
    });
    type('API key', 'e2b_typed');
    fireEvent.click(dialog.getByRole('radio', { name: 'Pro' }));
    fireEvent.click(button(dialog, 'Test connection'));
    expect((await dialog.findByRole('status')).textContent).toBe(
      'Reached http://127.0.0.1:3000 in 42 ms, 1 sandbox there',
    );
    expect(desk.calls).toContainEqual({
      name: 'provider.test',
      input: { ...typed, plan: 'pro', key: 'e2b_typed' },
    });
    type('API key', 'another');
    expect(dialog.queryByRole('status')).toBeNull();
  });

  test('uses the provider and then shows nothing of the key', async () => {
    const used = {
      ...local,
      choice: { ...typed, plan: 'hobby', domain: 'e2b.app' },
      keySource: 'stored',
    } as const;
    const { desk, dialog, type } = await openSelfHosted({ 'provider.use': () => used });
    type('API key', 'e2b_typed');
    expect(dialog.getByLabelText('API key').getAttribute('type')).toBe('password');
    expect(dialog.getByText(/A stored key is not encrypted/)).toBeTruthy();
    fireEvent.click(button(dialog, 'Use provider'));
    await dialog.findByText('one is stored; type another to replace it');
    expect(desk.calls).toContainEqual({
      name: 'provider.use',
      input: { ...typed, plan: 'hobby', key: 'e2b_typed' },
    });
    expect(dialog.getByLabelText('API key')).toHaveProperty('value', '');
    const again = await dialog.findByRole('button', { name: 'Use provider' });
    expect(again.hasAttribute('disabled')).toBe(true);
    expect(document.body.innerHTML).not.toContain('e2b_typed');
  });

  test('says why a provider cannot be used', async () => {
    const { dialog } = await open({
      'provider.use': () => {
        throw new DeskError('FORBIDDEN_ADDRESS', 'DEMO reaches this machine only, not https://api.e2b.app.');
      },
    });
    fireEvent.click(await dialog.findByRole('radio', { name: 'E2B cloud' }));
    fireEvent.click(button(dialog, 'Use provider'));
    expect((await dialog.findByRole('alert')).textContent).toBe(
      'DEMO reaches this machine only, not https://api.e2b.app.',
    );
  });

  test('deletes the stored key when asked to', async () => {
    let keySource: 'stored' | 'none' = 'stored';
    const { dialog } = await open({
      'provider.show': () => ({ ...local, keySource }),
      'provider.forgetKey': () => {
        keySource = 'none';
        return { forgotten: true, keySource };
      },
    });
    fireEvent.click(await dialog.findByRole('button', { name: 'Delete stored key' }));
    await waitFor(() => expect(dialog.queryByRole('button', { name: 'Delete stored key' })).toBeNull());
  });

  test('a draft becomes input only when its fields can be used', () => {
    const { draftOf: draft, inputOf: input } = providerDraft;
    expect(input(draft({ kind: 'local' }))).toEqual({ kind: 'local' });
    const own = draft({ kind: 'e2b', plan: 'custom', domain: 'e2b.example.com' });
    expect(input(own)).toEqual({ kind: 'e2b', plan: 'custom', domain: 'e2b.example.com' });
    expect(input({ ...own, domain: 'not a domain' })).toBeNull();
    expect(input({ ...own, by: 'addresses', apiUrl: 'ftp://x', sandboxUrl: 'ftp://x' })).toBeNull();
    expect(input({ ...own, id: 'cloud', key: ' e2b_k ' })).toEqual({
      kind: 'e2b',
      plan: 'custom',
      domain: 'e2b.app',
      key: 'e2b_k',
    });
  });
});
