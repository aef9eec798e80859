// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { leaseState } from '../../../renderer/dead-man/lease-state.ts';
import type { FakeHost } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { gaugesAt, heldLease, lapsingLease, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const state = stateAfter(...startedEvents(at));
const fired = {
  kind: 'DeadManFired' as const,
  at,
  firingId: 'd',
  drill: false,
  leaseS: 15,
  reasons: ['journal'],
};

const bar = (): string => screen.getByRole('contentinfo').textContent ?? '';

describe('the reading in the status bar', () => {
  test('is the length of the lease while it is held', async () => {
    await renderApp({ state, gauges: gaugesAt(at), now: () => at });
    expect(bar()).toContain('dead-man 15 s');
  });

  test('counts while the lease is not renewed', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { deadMan: lapsingLease(9_400) }), now: () => at });
    expect(bar()).toContain('dead-man 9.4 s left');
  });

  test('says that it fired until entries are unblocked, although the lease is held again', async () => {
    const desk = await renderApp({ state, gauges: gaugesAt(at), now: () => at });
    desk.commit(fired);
    await waitFor(() => expect(bar()).toContain('dead-man fired'));
    expect(screen.getAllByText(/the dead-man lease ran out: journal/).length).toBeGreaterThan(0);
    desk.commit({ kind: 'EntriesUnblocked', at, actor: 'window' });
    await waitFor(() => expect(bar()).toContain('dead-man 15 s'));
  });

  test('counts on by itself once the host is silent', () => {
    const silent = { frameAgeMs: 6_000, connected: false, blocking: false };
    expect(leaseState(heldLease, silent)).toEqual({ kind: 'lapsing', leftMs: 8_900 });
    expect(leaseState(heldLease, { ...silent, frameAgeMs: 60_000 }).leftMs).toBe(0);
  });
});

describe('the dialog', () => {
  async function open(mode: 'demo' | 'live', drill: (input: unknown, host: FakeHost) => void) {
    const chosen = {
      kind: 'AccountChosen',
      at,
      actor: 'cli',
      account: 'live',
      accountNumber: '123456',
    } as const;
    await renderApp({
      state: mode === 'live' ? stateAfter(...startedEvents(at), chosen) : state,
      gauges: gaugesAt(at),
      now: () => at,
      handlers: {
        'deadman.drill': (input, host) => {
          drill(input, host);
          return { firingId: 'd', at, drill: true, leaseS: 15, reasons: [], outcome: null, mode };
        },
      },
    });
    fireEvent.click(screen.getByRole('button', { name: /^dead-man/ }));
    return within(await screen.findByRole('dialog', { name: 'Dead-man lease' }));
  }

  test('lists every fact with what was found', async () => {
    const dialog = await open('demo', () => undefined);
    const facts = within(dialog.getByRole('table', { name: "Facts of the host's health" }));
    expect(facts.getAllByRole('row')).toHaveLength(heldLease.facts.length);
    expect(
      facts.getByRole('row', { name: /^reconciliation confirmed\s*agreed 12\.4 s ago within 90 s$/ }),
    ).toBeTruthy();
  });

  test('runs a drill only after it has said what that does, and shows its receipt', async () => {
    const asked: unknown[] = [];
    const dialog = await open('demo', (input, host) => {
      asked.push(input);
      host.commit({ ...fired, drill: true });
      host.commit({
        kind: 'DeadManCancelled',
        at,
        firingId: 'd',
        orders: [{ brokerOrderId: 'b', label: 'buy 10 AAPL', status: 'canceled' }],
        confirmed: true,
        by: 'watchdog',
        tookMs: 84,
        failure: null,
      });
    });
    fireEvent.click(dialog.getByRole('button', { name: 'Run a drill…' }));
    expect(dialog.getByText(/every resting order of this account is cancelled/)).toBeTruthy();
    expect(asked).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Let the lease run out' }));
    await waitFor(() =>
      expect(dialog.getByText(/1 order, nothing open after 0\.08 s, seen by the watchdog/)).toBeTruthy(),
    );
    expect(dialog.getByRole('list', { name: 'Orders that rested' }).textContent).toBe('buy 10 AAPLcanceled');
    expect(asked).toEqual([{ after: 5 }]);
  });

  test('asks for the number of a LIVE account', async () => {
    const asked: unknown[] = [];
    const dialog = await open('live', (input) => asked.push(input));
    fireEvent.click(dialog.getByRole('button', { name: 'Run a drill…' }));
    const run = dialog.getByRole('button', { name: 'Let the lease run out' });
    expect(run).toHaveProperty('disabled', true);
    fireEvent.change(dialog.getByLabelText('Account number'), { target: { value: '123456' } });
    fireEvent.click(run);
    await waitFor(() => expect(asked).toEqual([{ after: 5, confirm: '123456' }]));
  });
});
