// From what a hundred agents want to an order that leaves: the real trading floor, gate and journal, and a broker that answers at once.
import { notionalMicros } from '../electron/contract/money.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedLimits } from '../electron/contract/limits.ts';
import { systemClock } from '../electron/host/clock.ts';
import { createStore, type Store } from '../electron/host/store.ts';
import type { Broker, BrokerOrder, MarketOrder } from '../electron/host/trading/broker.ts';
import type { SessionOptions, TradingSession } from '../electron/host/trading/alpaca/trading-session.ts';
import { createTrading, type Trading } from '../electron/host/trading/trading.ts';
import { loadNative } from '../electron/native/load.ts';
import { type Measurement, percentile } from './measurement.ts';

const agents = 100;
const rounds = 300;
const symbol = 'AAPL';
const priceTicks = 1_000_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Lets all agents change their minds at once, again and again. */
export async function measureOrders(): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), 'desk-bench-'));
  const native = loadNative();
  const journal = native.Journal.open(join(directory, 'journal.db'));
  const store = createStore(journal, silent, (error) => {
    throw error;
  });
  const tookMs: number[] = [];
  const broker = createInstantBroker();
  // The rounds follow each other faster than a desk lets orders follow: what is measured is the way of each.
  const paceLimits = { 'order.duplicateWindow': 0, 'account.ordersPerMinute': 1_000_000 };
  const changes = changedLimits(store.state().limits, paceLimits);
  store.commit({ kind: 'LimitsChanged', at: systemClock.now(), actor: 'cli', mode: 'demo', changes });
  const trading = createTrading(
    {
      store,
      native,
      clock: systemClock,
      log: silent,
      orderPrefix: () => 'bench',
      mayOpen: () => true,
      onBars: () => undefined,
      onSubmitted: (durationMs) => void tookMs.push(durationMs),
    },
    async (options) => broker.session(options),
  );
  try {
    await trading.connect({
      mode: 'demo',
      keys: { keyId: 'k', secret: 's' },
      loopback: null,
      timeframe: '1Min',
    });
    deploy(store);
    for (let round = 1; round <= rounds; round += 1) await playRound(trading, store, round);
  } finally {
    trading.disconnect();
    await store.flush();
    journal.close();
    rmSync(directory, { recursive: true });
  }
  return [
    {
      name: 'intent to order sent, P95',
      value: percentile(tookMs, 0.95),
      unit: 'ms',
      n: tookMs.length,
      target: 3,
      rule: 'atMost',
      note: `${agents} agents netted, judged, on disk and sent; before it, 10 ms gather the targets of one bar`,
    },
  ];
}

function deploy(store: Store): void {
  const at = systemClock.now();
  for (let nth = 1; nth <= agents; nth += 1) {
    const agentId = `agent-${nth}`;
    store.commit({
      kind: 'AgentDeployed',
      at,
      agentId,
      swarmId: 'bench',
      strategy: 'momentum',
      symbols: [symbol],
      params: {},
      slotId: 'slot-1',
      mode: 'demo',
      maxPositionMicros: 5_000_000_000,
      plannedEndAt: at + 3_600_000,
      actor: 'cli',
    });
    for (const phase of ['warming', 'running'] as const)
      store.commit({ kind: 'AgentMoved', at, agentId, phase, reason: 'bench' });
  }
}

/** Every agent wants a share in one round and none in the next; resolves when the order is filled. */
async function playRound(trading: Trading, store: Store, round: number): Promise<void> {
  const qtyNanos = (round % 2) * 1_000_000_000;
  const { fills } = store.state().totals;
  trading.quotes.setQuote(symbol, priceTicks - 100, priceTicks + 100);
  for (let nth = 1; nth <= agents; nth += 1) {
    const at = systemClock.now();
    store.commit({
      kind: 'TargetSet',
      at,
      agentId: `agent-${nth}`,
      symbol,
      qtyNanos,
      priceTicks,
      reason: 'bench',
    });
    trading.rebalance(symbol);
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error('an order was not filled'))), 5_000);
    const unfollow = store.follow((_, state) => {
      if (state.totals.fills > fills) finish(resolve);
    });
    function finish(settle: () => void): void {
      clearTimeout(timer);
      unfollow();
      settle();
    }
  });
}

/** Takes an order at once and fills it in the next turn. */
function createInstantBroker(): { session(options: SessionOptions): TradingSession } {
  const held = new Map<string, number>();
  let cashMicros = 1e11;
  const orders: BrokerOrder[] = [];

  function take(order: MarketOrder, { listener }: SessionOptions): BrokerOrder {
    const taken = { ...order, brokerOrderId: `b-${orders.length + 1}`, status: 'new', filledNanos: 0 };
    orders.push(taken);
    setImmediate(() => {
      const { qtyNanos, side } = order;
      cashMicros -= notionalMicros(side === 'buy' ? qtyNanos : -qtyNanos, priceTicks);
      held.set(symbol, (held.get(symbol) ?? 0) + (side === 'buy' ? qtyNanos : -qtyNanos));
      const filled = { ...taken, status: 'filled', filledNanos: qtyNanos };
      const marketAt = systemClock.now();
      listener.onExecution({ order: filled, qtyNanos, cumulativeNanos: qtyNanos, priceTicks, marketAt });
      listener.onOrder(filled);
    });
    return taken;
  }

  function connection(options: SessionOptions): Broker {
    const never = (): never => {
      throw new Error('nothing goes wrong here, so nothing is looked up');
    };
    return {
      account: async () => ({
        accountNumber: 'bench',
        equityMicros: 1e11,
        cashMicros,
        // What the rounds buy counts against it until the account is read again.
        buyingPowerMicros: 1e14,
      }),
      clock: async () => ({ isOpen: true, marketAt: systemClock.now(), nextOpenAt: systemClock.now() }),
      assets: async () => [{ symbol, shortable: true, lotNanos: 1, halted: false }],
      positions: async () =>
        [...held]
          .filter(([, qtyNanos]) => qtyNanos !== 0)
          .map(([name, qtyNanos]) => ({ symbol: name, qtyNanos, priceTicks })),
      openOrders: async () => [],
      findOrder: never,
      order: never,
      submit: async (order) => take(order, options),
      cancel: never,
      cancelAll: never,
      executions: never,
      filledAfter: async () => new Map(),
      cashFlows: async () => [],
      bars: async () => [],
      async *barPages() {
        yield* [];
      },
    };
  }

  return {
    session(options) {
      const broker = connection(options);
      return {
        broker,
        killBroker: broker,
        hub: { follow: () => undefined, isConnected: () => true, close: () => undefined },
        updates: { isReady: () => true, restart: () => undefined, close: () => undefined },
        close: () => undefined,
      };
    },
  };
}
