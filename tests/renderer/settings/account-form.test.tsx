// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { Settings } from '../../../electron/contract/market.ts';
import type { OperationOutput } from '../../../renderer/bridge.ts';
import { inputOf } from '../../../renderer/settings/account-draft.ts';
import { demoAccount } from '../../support/demo-account.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const paper: OperationOutput<'account.show'> = {
  ...demoAccount,
  inUse: 'paper',
  accountNumber: 'PA3ABC9DEFG1',
  accounts: demoAccount.accounts.map((row) => (row.account === 'paper' ? { ...row, key: 'stored' } : row)),
};

async function open(handlers: FakeHandlers = {}) {
  const desk = await renderApp({
    state: stateAfter(...startedEvents(at)),
    gauges: gaugesAt(at),
    handlers: {
      'account.show': () => demoAccount,
      'settings.read': () => Settings.parse({ timeZone: 'UTC' }),
      'market.sources': () => ({ current: Settings.parse({ timeZone: 'UTC' }).market, sources: [] }),
      ...handlers,
    },
  });
  fireEvent.click(screen.getByRole('button', { name: 'Settings' }));
  const form = within(await screen.findByRole('form', { name: 'Account' }));
  await form.findByRole('radio', { name: 'PAPER' });
  const type = (label: string, value: string): void => {
    fireEvent.change(form.getByLabelText(label), { target: { value } });
  };
  return { desk, form, type };
}

const key = 'PKTEST01 secret-of-paper';

describe('the account in the settings', () => {
  test('is DEMO without a key, and says what each account means', async () => {
    const { form } = await open();
    expect(form.getByRole('radio', { name: 'DEMO' }).getAttribute('data-state')).toBe('checked');
    expect(form.queryByLabelText('Secret')).toBeNull();
    expect(form.getByText(/Real market, REAL MONEY/)).toBeTruthy();
    expect(form.getByRole('button', { name: 'Use DEMO' }).hasAttribute('disabled')).toBe(true);
  });

  test('is tested with the typed key and shows the account that was read', async () => {
    const { desk, form, type } = await open({
      'account.test': () => ({
        ok: true,
        account: 'paper',
        address: 'https://paper-api.alpaca.markets',
        accountNumber: 'PA3ABC9DEFG1',
        equityMicros: 100_000_000_000,
        tookMs: 42.4,
      }),
    });
    fireEvent.click(form.getByRole('radio', { name: 'PAPER' }));
    type('Key id', 'PKTEST01');
    type('Secret', 'secret-of-paper');
    fireEvent.click(form.getByRole('button', { name: 'Test account' }));
    expect((await form.findByRole('status')).textContent).toBe(
      'Read account PA3ABC9DEFG1 at https://paper-api.alpaca.markets in 42 ms, equity $100,000.00 simulated',
    );
    expect(desk.calls.at(-1)).toMatchObject({ name: 'account.test', input: { account: 'paper' } });
  });

  test('is used, and then nothing of the key is shown', async () => {
    const { desk, form, type } = await open({ 'account.use': () => paper });
    fireEvent.click(form.getByRole('radio', { name: 'PAPER' }));
    type('Key id', 'PKTEST01');
    type('Secret', 'secret-of-paper');
    expect(form.getByLabelText('Secret').getAttribute('type')).toBe('password');
    fireEvent.click(form.getByRole('button', { name: 'Use PAPER' }));
    await form.findByText('one is stored; type another to replace it');
    expect(desk.calls).toContainEqual({
      name: 'account.use',
      input: { account: 'paper', key: { keyId: 'PKTEST01', secret: 'secret-of-paper' } },
    });
    expect(form.getByLabelText('Secret')).toHaveProperty('value', '');
    expect(document.body.innerHTML).not.toContain('secret-of-paper');
    expect(document.body.innerHTML).not.toContain('PKTEST01');
  });

  test('says why it cannot be changed', async () => {
    const { form } = await open({
      'account.use': () => {
        throw new DeskError('ACCOUNT_IN_USE', '3 agents trade on DEMO. Stop the agents first.');
      },
    });
    fireEvent.click(form.getByRole('radio', { name: 'LIVE' }));
    fireEvent.click(form.getByRole('button', { name: 'Use LIVE' }));
    expect((await form.findByRole('alert')).textContent).toContain('Stop the agents first');
  });

  test('loses its stored key when asked to', async () => {
    let shown = paper;
    const { form } = await open({
      'account.show': () => shown,
      'account.forgetKey': ({ account }) => {
        shown = { ...paper, accounts: demoAccount.accounts };
        return { account, forgotten: true };
      },
    });
    fireEvent.click(form.getByRole('button', { name: 'Delete stored key' }));
    await waitFor(() => expect(form.queryByRole('button', { name: 'Delete stored key' })).toBeNull());
  });

  test('takes both halves of a key or none', () => {
    const draft = { account: 'paper', keyId: '', secret: '' } as const;
    expect(inputOf(draft)).toEqual({ account: 'paper' });
    expect(inputOf({ ...draft, keyId: ' PKTEST01 ', secret: ' secret-of-paper ' })).toEqual({
      account: 'paper',
      key,
    });
    expect(inputOf({ ...draft, keyId: 'PKTEST01' })).toBeNull();
    expect(inputOf({ ...draft, secret: 'secret-of-paper' })).toBeNull();
    expect(inputOf({ ...draft, account: 'demo', keyId: 'left over' })).toEqual({ account: 'demo' });
  });
});
