import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Execution } from '../../../../electron/host/trading/broker.ts';
import { createTradingBench, shares, type TradingBench } from '../../../support/trading-bench.ts';

async function withOrder(wishes: Readonly<Record<string, number>>): Promise<TradingBench> {
  const bench = createTradingBench();
  await bench.connect();
  for (const agentId of Object.keys(wishes)) bench.deploy(agentId);
  await Promise.all(Object.entries(wishes).map(([agentId, count]) => bench.target(agentId, 'AAPL', count)));
  return bench;
}

const accountShares = (bench: TradingBench): number =>
  (bench.store.state().account?.positions['AAPL'] ?? 0) / 1e9;

describe('an execution', () => {
  test('told twice counts once', async () => {
    const bench = await withOrder({ a: 10 });
    const execution = bench.broker.fill('nt-1', shares(4), 1_000_000);
    bench.broker.listener?.onExecution(execution);
    await bench.pass(10);
    expect(bench.broker.calls).not.toContain('find nt-1');
    expect(bench.held('a')).toBe(4);
    expect(bench.store.state().totals.fills).toBe(1);
    expect(accountShares(bench)).toBe(4);
  });

  test('before which another is missing waits until the history has told both, in order', async () => {
    const bench = await withOrder({ a: 10 });
    bench.broker.fill('nt-1', shares(3), 1_000_000, { told: false });
    bench.broker.fill('nt-1', shares(4), 1_010_000);
    expect(bench.held('a')).toBe(0);
    await bench.pass(10);
    expect(bench.held('a')).toBe(7);
    expect(bench.events('OrderFilled').map(({ qtyNanos, priceTicks }) => [qtyNanos, priceTicks])).toEqual([
      [shares(3), 1_000_000],
      [shares(4), 1_010_000],
    ]);
  });

  test('that the stream never told is read when the broker counts it', async () => {
    const bench = await withOrder({ a: 10 });
    bench.broker.fill('nt-1', shares(10), 1_000_000, { told: false });
    const order = bench.broker.orders.get('nt-1');
    if (order) bench.broker.listener?.onOrder(order);
    expect(bench.held('a')).toBe(0);
    await bench.pass(1_010);
    expect(bench.held('a')).toBe(10);
    expect(bench.lastOrder().state).toBe('filled');
  });

  test('after the cancellation counts, and does not bring the order back to work', async () => {
    const bench = await withOrder({ a: 10 });
    bench.broker.finish('nt-1', 'canceled');
    bench.broker.fill('nt-1', shares(4), 1_000_000);
    expect(bench.store.state().orders['nt-1']).toMatchObject({ state: 'cancelled', filledNanos: shares(4) });
    expect(bench.held('a')).toBe(4);
    expect(accountShares(bench)).toBe(4);
  });
});

describe('an order that someone placed beside the desk', () => {
  test('belongs to the house when no agent holds what it closes', async () => {
    const bench = await withOrder({ a: 10 });
    bench.broker.place({ clientOrderId: 'by-hand', symbol: 'AAPL', side: 'buy', qtyNanos: shares(6) });
    bench.broker.fill('by-hand', shares(6), 1_000_000);
    expect(bench.events('OrderFilled').at(-1)?.allocations).toMatchObject([
      { agentId: 'house', deltaNanos: shares(6) },
    ]);
    expect(accountShares(bench)).toBe(6);
    expect(bench.held('a')).toBe(0);
  });

  test('takes from the holders what it sells, and from the house what is beyond', async () => {
    const bench = await withOrder({ a: 5, b: 3 });
    bench.broker.fill('nt-1', shares(8), 1_000_000);
    bench.broker.place({ clientOrderId: 'by-hand', symbol: 'AAPL', side: 'sell', qtyNanos: shares(10) });
    bench.broker.fill('by-hand', shares(10), 1_000_000);
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 0]);
    expect(bench.lastOrder().shares).toEqual([
      { agentId: 'a', qtyNanos: shares(5) },
      { agentId: 'b', qtyNanos: shares(3) },
      { agentId: 'house', qtyNanos: shares(2) },
    ]);
    const parts = bench.events('OrderFilled').at(-1)?.allocations ?? [];
    expect(parts.map(({ agentId, deltaNanos }) => [agentId, deltaNanos])).toEqual([
      ['a', shares(-5)],
      ['b', shares(-3)],
      ['house', shares(-2)],
    ]);
  });

  test('for an amount of dollars counts what was filled, and the desk opens again on that record', async () => {
    const bench = await withOrder({ a: 10 });
    bench.broker.place({ clientOrderId: 'dollars', symbol: 'KO', side: 'buy', qtyNanos: 0 });
    bench.broker.fill('dollars', shares(1.5), 600_000);
    bench.broker.fill('dollars', shares(0.25), 600_000);
    expect(bench.store.state().account?.positions['KO']).toBe(shares(1.75));
    const past = bench.journal.payloads().map((payload) => JSON.parse(payload));
    expect(createTradingBench(past).store.state().orders['dollars']).toMatchObject({
      filledNanos: shares(1.75),
    });
  });
});

describe('an order that ends', () => {
  test.each([
    ['canceled', 'cancelled'],
    ['replaced', 'cancelled'],
    ['expired', 'expired'],
    ['done_for_day', 'expired'],
  ])('as %s is followed by one for what is still wanted', async (status, state) => {
    const bench = await withOrder({ a: 10 });
    bench.broker.fill('nt-1', shares(4), 1_000_000);
    bench.broker.finish('nt-1', status);
    expect(bench.store.state().orders['nt-1']?.state).toBe(state);
    await bench.pass(50);
    expect(bench.broker.submitted.at(-1)).toMatchObject({ clientOrderId: 'nt-2', qtyNanos: shares(6) });
  });

  test('by a late rejection is not sent over and over', async () => {
    const bench = await withOrder({ a: 10 });
    bench.broker.finish('nt-1', 'rejected');
    await bench.pass(5_000);
    expect(bench.lastOrder()).toMatchObject({ clientOrderId: 'nt-1', state: 'rejected' });
    expect(bench.broker.submitted).toHaveLength(1);
  });
});

/** Sizes of partial fills that sum to the whole, in nanos. */
const partsOf = (total: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: total - 1 }), { maxLength: 6 }).map((cuts) => {
    const edges = [...new Set([0, ...cuts, total])].toSorted((left, right) => left - right);
    return edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
  });

test('however an order fills and whatever the stream loses, repeats or shuffles, the parts are the account', async () => {
  const wish = fc.integer({ min: 1, max: 4_000_000_000 });
  const trouble = fc.array(fc.constantFrom('told', 'lost', 'twice', 'late'), { minLength: 8, maxLength: 8 });
  const scenario = fc.tuple(wish, wish, wish).chain((wishes) =>
    fc.record({
      wishes: fc.constant(wishes),
      fills: partsOf(wishes[0] + wishes[1] + wishes[2]),
      trouble,
    }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ wishes: [a, b, c], fills, trouble: troubles }) => {
      const bench = await withOrder({ a: a / 1e9, b: b / 1e9, c: c / 1e9 });
      const late: Execution[] = [];
      for (const [index, qtyNanos] of fills.entries()) {
        const how = troubles[index % troubles.length];
        const told = how === 'told' || how === 'twice';
        const execution = bench.broker.fill('nt-1', qtyNanos, 1_000_000 + index, { told });
        if (how === 'twice') bench.broker.listener?.onExecution(execution);
        if (how === 'late') late.push(execution);
        const inBooks = shares(bench.held('a') + bench.held('b') + bench.held('c'));
        expect(Math.round(inBooks)).toBe(bench.store.state().account?.positions['AAPL'] ?? 0);
      }
      for (const execution of late.toReversed()) bench.broker.listener?.onExecution(execution);
      await bench.trading.reconcileForKill(true);
      expect([bench.held('a'), bench.held('b'), bench.held('c')]).toEqual([a / 1e9, b / 1e9, c / 1e9]);
      expect(bench.store.state().account?.positions['AAPL']).toBe(a + b + c);
      const filled = bench.events('OrderFilled').map((event) => event.qtyNanos);
      expect(filled).toEqual(fills);
      bench.trading.disconnect();
    }),
    { numRuns: 60 },
  );
});
