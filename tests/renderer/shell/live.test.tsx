// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { liveIdleMs } from '../../../electron/contract/live-arming.ts';
import { limitCatalogue, limitNames, limitWords } from '../../../electron/contract/limit-catalogue.ts';
import { defaultLimits } from '../../../electron/contract/limits.ts';
import type { Mode } from '../../../electron/contract/names.ts';
import { demoAccount } from '../../support/demo-account.ts';
import { renderApp } from '../../support/render-desk.tsx';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const accountNumber = '123456789';

async function openOn(account: Mode, handlers: FakeHandlers = {}, now: () => number = () => at) {
  const state = stateAfter(...startedEvents(at), {
    kind: 'AccountChosen',
    at,
    actor: 'cli',
    account,
    accountNumber: account === 'demo' ? null : accountNumber,
  });
  return renderApp({ state, gauges: gaugesAt(at), handlers, now });
}

test.each([
  ['demo', 'DEMO', 'simulated market'],
  ['paper', 'PAPER', 'simulated money'],
  ['live', 'LIVE', 'REAL MONEY'],
] as const)('%s is named in words in the header and in the title', async (account, chip, words) => {
  await openOn(account);
  const header = screen.getAllByRole('banner')[0]?.textContent ?? '';
  expect(header).toContain(chip);
  expect(header).toContain(words);
  expect(document.title).toContain(chip);
  expect(header.includes(accountNumber)).toBe(account !== 'demo');
});

test.each(['demo', 'paper'] as const)('%s says nothing of arming', async (account) => {
  await openOn(account);
  expect(screen.queryByText(/armed/)).toBeNull();
});

test('LIVE is armed by its number alone, beside the limits it is armed for', async () => {
  const desk = await openOn('live', {
    'account.show': () => ({ ...demoAccount, inUse: 'live', accountNumber }),
    'account.arm': (input, host) => {
      host.commit({ kind: 'LiveArmed', at, actor: 'window', accountNumber, limitsKey: input.limits });
      return { since: at, until: at + liveIdleMs };
    },
  });
  expect(screen.getByText('LIVE is not armed.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Arm LIVE…' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'Arm LIVE' }));
  const limits = within(dialog.getByRole('region', { name: 'Limits in force' }));
  for (const name of limitNames) {
    const shown = limits.getByText(limitCatalogue[name].summary).nextElementSibling?.textContent;
    expect(shown).toBe(limitWords(name, defaultLimits[name]));
  }
  const arm = dialog.getByRole('button', { name: 'Arm LIVE under these limits' });
  for (const wrong of ['', '12345678', '1234567890']) {
    fireEvent.change(dialog.getByLabelText('Account number'), { target: { value: wrong } });
    expect(arm.hasAttribute('disabled')).toBe(true);
  }
  fireEvent.change(dialog.getByLabelText('Account number'), { target: { value: accountNumber } });
  fireEvent.click(arm);
  expect(await screen.findByText('LIVE is armed: agents trade real money.')).toBeTruthy();
  expect(desk.calls).toContainEqual({
    name: 'account.arm',
    input: { accountNumber, limits: '5f0c2a9e71b3' },
  });
});

test('LIVE counts down while it is armed, and says when it is not any more', async () => {
  let now = at;
  const desk = await openOn('live', {}, () => now);
  desk.commit({ kind: 'LiveArmed', at, actor: 'window', accountNumber, limitsKey: 'k' });
  now = at + liveIdleMs - 3_600_000;
  expect(await screen.findByText('1h', undefined, { timeout: 3_000 })).toBeTruthy();
  now = at + liveIdleMs;
  expect(await screen.findByText('LIVE is not armed.', undefined, { timeout: 3_000 })).toBeTruthy();
});

test('LIVE is disarmed with one press', async () => {
  const desk = await openOn('live', {
    'account.disarm': (_, host) => {
      host.commit({ kind: 'LiveDisarmed', at, actor: 'window', reason: 'test' });
      return { disarmed: true };
    },
  });
  desk.commit({ kind: 'LiveArmed', at, actor: 'window', accountNumber, limitsKey: 'k' });
  fireEvent.click(await screen.findByRole('button', { name: 'Disarm LIVE' }));
  await waitFor(() => expect(screen.getByText('LIVE is not armed.')).toBeTruthy());
});

test('a notice that was raised on another account says so', async () => {
  const desk = await openOn('demo');
  desk.commit({
    kind: 'NoticeRaised',
    at,
    noticeId: 'account-differs',
    severity: 'critical',
    title: 'AAPL differs',
    detail: 'The broker holds 5.',
  });
  expect(await screen.findByText('AAPL differs')).toBeTruthy();
  desk.commit({ kind: 'AccountChosen', at, actor: 'cli', account: 'paper', accountNumber });
  expect(await screen.findByText('While on DEMO: AAPL differs')).toBeTruthy();
});
