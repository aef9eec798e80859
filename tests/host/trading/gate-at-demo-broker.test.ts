// The gate between the desk and the demo broker, over the official SDK: what the host knows of the account is the broker's.
import { describe, expect, test, vi } from 'vitest';
import type { LimitName } from '../../../electron/contract/limit-catalogue.ts';
import { changedLimits } from '../../../electron/contract/limits.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import { type AccountBench, createAccountBench } from '../../support/account-bench.ts';
import { agentDeployed } from '../../support/build-events.ts';
import { shares } from '../../support/trading-bench.ts';

type Amounts = Partial<Record<LimitName, number>>;

/** Nothing but the buying power is in the way of a large order. */
const wide: Amounts = {
  'order.notional': 1_000_000,
  'order.quantity': 100_000,
  'agent.exposure': 1_000_000,
  'strategy.exposure': 1_000_000,
  'account.symbolPosition': 1_000_000,
  'account.grossExposure': 1_000_000,
  'account.netExposure': 1_000_000,
  'account.concentration': 400,
};

const patience = { timeout: 20_000, interval: 50 };

async function benchWith(amounts: Amounts, past: readonly DeskEvent[] = []): Promise<AccountBench> {
  const bench = createAccountBench(past);
  const { store, trading } = bench;
  await bench.connect();
  const changes = changedLimits(store.state().limits, amounts);
  if (changes.length > 0)
    store.commit({ kind: 'LimitsChanged', at: Date.now(), actor: 'cli', mode: 'demo', changes });
  const symbols = ['AAPL', 'MSFT'];
  store.commit(agentDeployed({ at: Date.now(), agentId: 'a', symbols, slotId: 'slot-1' }));
  for (const phase of ['warming', 'running'] as const)
    store.commit({ kind: 'AgentMoved', at: Date.now(), agentId: 'a', phase, reason: 'test' });
  trading.follow(symbols);
  await vi.waitFor(() => {
    for (const symbol of symbols) expect(trading.quotes.get(symbol)?.askTicks).toBeGreaterThan(0);
  }, patience);
  return bench;
}

/** Sets a target in shares and asks for a round. */
function want({ store, trading }: AccountBench, symbol: string, count: number) {
  const qtyNanos = shares(count);
  store.commit({
    kind: 'TargetSet',
    at: Date.now(),
    agentId: 'a',
    symbol,
    qtyNanos,
    priceTicks: 1,
    reason: 't',
  });
  return trading.round(symbol);
}

async function held({ store }: AccountBench, symbol: string, count: number): Promise<void> {
  await vi.waitFor(
    () => expect(store.state().agents['a']?.positions[symbol]?.qtyNanos ?? 0).toBe(shares(count)),
    patience,
  );
}

function sharesFor({ trading }: AccountBench, symbol: string, dollars: number): number {
  return Math.floor((dollars * 10_000) / (trading.quotes.get(symbol)?.askTicks ?? 1));
}

describe('at the demo broker', { timeout: 60_000 }, () => {
  test('an order beyond the buying power is denied here, one within it is taken there', async () => {
    const bench = await benchWith(wide);
    const broker = bench.trading.killBroker();
    const { buyingPowerMicros } = await broker.account();
    const beyond = sharesFor(bench, 'AAPL', (buyingPowerMicros / 1e6) * 1.01);
    expect(await want(bench, 'AAPL', beyond)).toMatchObject({ kind: 'denied', code: 'BUYING_POWER' });
    expect(bench.store.state().totals.orders).toBe(0);
    const within = sharesFor(bench, 'AAPL', (buyingPowerMicros / 1e6) * 0.6);
    expect(await want(bench, 'AAPL', within)).toMatchObject({ kind: 'approved' });
    await held(bench, 'AAPL', within);
    const rest = sharesFor(bench, 'MSFT', (buyingPowerMicros / 1e6) * 0.6);
    expect(await want(bench, 'MSFT', rest)).toMatchObject({ kind: 'denied', code: 'BUYING_POWER' });
    const states = Object.values(bench.store.state().orders).map((order) => order.state);
    expect(states).not.toContain('rejected');
  });

  test('the same order again waits, and another beyond the rate does', async () => {
    const bench = await benchWith({ 'order.duplicateWindow': 60, 'account.ordersPerMinute': 2 });
    expect(await want(bench, 'AAPL', 10)).toMatchObject({ kind: 'approved' });
    await held(bench, 'AAPL', 10);
    expect(await want(bench, 'AAPL', 20)).toMatchObject({ kind: 'denied', code: 'DUPLICATE_ORDER' });
    expect(await want(bench, 'AAPL', 15)).toMatchObject({ kind: 'approved' });
    await held(bench, 'AAPL', 15);
    expect(await want(bench, 'AAPL', 18)).toMatchObject({ kind: 'denied', code: 'ORDER_RATE' });
    expect(await want(bench, 'AAPL', 0)).toMatchObject({ kind: 'approved', side: 'sell' });
    await held(bench, 'AAPL', 0);
  });

  test('an order waits while as many are open as may be, and follows when they are done', async () => {
    const bench = await benchWith({ 'account.openOrders': 1 });
    const [first, second] = await Promise.all([want(bench, 'AAPL', 10), want(bench, 'MSFT', 10)]);
    expect([first, second]).toMatchObject([{ kind: 'approved' }, { kind: 'denied', code: 'OPEN_ORDERS' }]);
    await held(bench, 'AAPL', 10);
    await held(bench, 'MSFT', 10);
  });

  test('limits that were changed hold from the next order, and after a restart', async () => {
    const first = await benchWith({});
    expect(await want(first, 'AAPL', 10)).toMatchObject({ kind: 'approved' });
    await held(first, 'AAPL', 10);
    const changes = changedLimits(first.store.state().limits, { 'account.symbolPosition': 1_000 });
    first.store.commit({ kind: 'LimitsChanged', at: Date.now(), actor: 'cli', mode: 'demo', changes });
    expect(await want(first, 'MSFT', 20)).toMatchObject({ kind: 'denied', code: 'SYMBOL_POSITION' });
    const past = first.journal.payloads().map((payload) => JSON.parse(payload));
    const second = await benchWith({}, past);
    expect(second.store.state().limits).toEqual(first.store.state().limits);
    expect(await want(second, 'MSFT', 21)).toMatchObject({ kind: 'denied', code: 'SYMBOL_POSITION' });
  });
});
