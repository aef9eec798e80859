import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import { setLimits } from '../../../electron/contract/limits.ts';
import { createLimitHandlers } from '../../../electron/host/handlers/limit-handlers.ts';
import { createTradingBench } from '../../support/trading-bench.ts';

const context = { actor: 'cli', signal: new AbortController().signal } as const;

function handlers(account: 'demo' | 'live' = 'demo', accountNumber: string | null = null) {
  const past: DeskEvent[] =
    account === 'demo' ? [] : [{ kind: 'AccountChosen', at: 1, actor: 'cli', account, accountNumber }];
  const { store, journal } = createTradingBench(past);
  let rebalanced = 0;
  const made = createLimitHandlers({
    store,
    clock: { now: () => 5_000, monotonicMs: () => 0 },
    rebalanceAll: () => {
      rebalanced += 1;
    },
  });
  const change = async (changes: Record<string, number>, confirm?: string) =>
    made['limits.set'](setLimits.input.parse({ changes, ...(confirm ? { confirm } : {}) }), context);
  return { store, journal, made, change, rebalanced: () => rebalanced };
}

/** What a door says of input that is refused. */
function refusals(changes: unknown): string[] {
  const parsed = setLimits.input.safeParse({ changes });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(' ')}: ${message}`);
}

describe('limits.set', () => {
  test('changes all that are named by one event with who, when, before and after', async () => {
    const { store, journal, change, rebalanced } = handlers();
    const board = await change({ 'order.notional': 20_000, 'account.drawdown': 7.5, 'account.shorting': 0 });
    expect(journal.payloads().map((payload) => JSON.parse(payload))).toEqual([
      {
        kind: 'LimitsChanged',
        at: 5_000,
        actor: 'cli',
        mode: 'demo',
        changes: [
          { name: 'order.notional', before: 25_000_000_000, after: 20_000_000_000 },
          { name: 'account.shorting', before: 1, after: 0 },
          { name: 'account.drawdown', before: 1_000, after: 750 },
        ],
      },
    ]);
    expect(store.state().limits['account.drawdown']).toBe(750);
    expect(board.changed).toEqual({ at: 5_000, actor: 'cli' });
    expect(board.limits.find(({ name }) => name === 'account.drawdown')).toMatchObject({ value: 7.5 });
    expect(rebalanced()).toBe(1);
  });

  test('records nothing when nothing differs', async () => {
    const { journal, change } = handlers();
    await change({ 'order.notional': 25_000 });
    expect(journal.payloads()).toEqual([]);
  });

  test.each([
    [{ 'order.notional': 0 }, 'changes order.notional: must be 1 to 100000000 USD, not 0'],
    [{ 'order.notional': Number.NaN }, 'changes order.notional: must be a number'],
    [{ 'account.openOrders': 1.5 }, 'changes account.openOrders: must be a whole number'],
    [{ 'account.drawdown': 1.234 }, 'changes account.drawdown: takes at most 2 decimals'],
    [
      { 'acount.drawdown': 5 },
      'changes acount.drawdown: there is no such limit; did you mean account.drawdown?',
    ],
    [{}, 'changes: name at least one limit'],
    ['order.notional', 'changes: write each limit as name=value'],
    ['order.notional=a', 'changes order.notional: must be a number, not "a"'],
  ])('refuses %j at its field', (changes, refusal) => {
    expect(refusals(changes)).toEqual([refusal]);
  });

  test('takes none of several when one is refused', () => {
    expect(refusals({ 'order.notional': 20_000, 'account.dailyLoss': -1 })).toHaveLength(1);
  });

  describe('of a LIVE account', () => {
    test.each([
      ['nothing', undefined],
      ['another number', 'LIVE-2'],
    ])('refuses %s and changes nothing', async (_, confirm) => {
      const { store, change } = handlers('live', 'LIVE-1');
      await expect(change({ 'order.notional': 20_000 }, confirm)).rejects.toMatchObject({
        code: 'CONFIRMATION_REQUIRED',
      });
      expect(store.state().limits['order.notional']).toBe(25_000_000_000);
    });

    test('takes its number, and leaves the limits of DEMO alone', async () => {
      const { store, change } = handlers('live', 'LIVE-1');
      await change({ 'order.notional': 20_000 }, 'LIVE-1');
      expect(store.state().limits['order.notional']).toBe(20_000_000_000);
      const demo = { account: 'demo', accountNumber: null } as const;
      store.commit({ kind: 'AccountChosen', at: 2, actor: 'cli', ...demo });
      expect(store.state().limits['order.notional']).toBe(25_000_000_000);
    });
  });
});
