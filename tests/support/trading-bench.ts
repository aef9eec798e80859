// The trading floor over a broker in memory: real store, real addon, real books and gate, on a clock that the test moves.
import { onTestFinished, vi } from 'vitest';
import type { DeskEvent, DeskEventKind, EventOf } from '../../electron/contract/events.ts';
import type { Order } from '../../electron/contract/state.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import type { SessionOptions, TradingSession } from '../../electron/host/trading/alpaca/trading-session.ts';
import { createTrading, type Trading } from '../../electron/host/trading/trading.ts';
import { type Journal, loadNative } from '../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from '../local/broker/memory-journal.ts';
import { agentDeployed } from './build-events.ts';
import { createFakeBroker, type FakeBroker } from './fake-broker.ts';
import { silent, testClock } from './fleet-bench.ts';

/** Whole shares in the desk's unit. */
export const shares = (count: number): number => Math.round(count * 1_000_000_000);

export interface TradingBench {
  readonly store: Store;
  readonly trading: Trading;
  readonly broker: FakeBroker;
  /** What the kill switch's own client was asked; the same broker behind it. */
  readonly killCalls: string[];
  readonly journal: MemoryJournal;
  /** What an account that must be armed would say. */
  mayOpen: boolean;
  /** Connects; the order stream is up and the first reconciliation done. */
  connect(): Promise<void>;
  /** Sets a quote of a symbol that arrived now. */
  quote(symbol: string, bidTicks: number, askTicks: number): void;
  /** Puts a running agent on record. */
  deploy(agentId: string, symbols?: string[], slotId?: string): void;
  /** Sets a target in shares and asks for a rebalance. */
  want(agentId: string, symbol: string, count: number): void;
  /** Sets a target; resolves when the answers are in. */
  target(agentId: string, symbol: string, count: number): Promise<void>;
  /** Lets time pass with a fresh quote of AAPL at its end. */
  pass(ms: number): Promise<void>;
  events<K extends DeskEventKind>(kind: K): EventOf<K>[];
  /** The newest order. */
  lastOrder(): Order;
  /** Shares of an agent's book. */
  held(agentId: string, symbol?: string): number;
}

/** Sets the bench up under fake timers, on a journal that holds `past`; it is taken down when the test ends. */
export function createTradingBench(past: readonly DeskEvent[] = []): TradingBench {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 2, 15) });
  const journal = createMemoryJournal();
  void journal.append(past.map((event) => JSON.stringify(event)));
  const store: Store = createStore(journal as MemoryJournal & Journal, silent, (error) =>
    store.commit({ kind: 'EntriesBlocked', at: Date.now(), actor: 'host', reason: error.message }),
  );
  const events: DeskEvent[] = [];
  store.follow(({ event }) => events.push(event));
  const broker = createFakeBroker();
  const killCalls: string[] = [];
  const trading = createTrading(
    {
      store,
      native: loadNative(),
      clock: testClock,
      log: silent,
      orderPrefix: () => 'nt',
      mayOpen: () => bench.mayOpen,
      onBars: () => undefined,
      onSubmitted: () => undefined,
    },
    async (options) => openFakeSession(broker, killCalls, options),
  );
  onTestFinished(() => {
    trading.disconnect();
    vi.useRealTimers();
  });

  const bench: TradingBench = {
    store,
    trading,
    broker,
    killCalls,
    journal,
    mayOpen: true,
    async connect() {
      const keys = { keyId: 'k', secret: 's' };
      await trading.connect({ mode: 'demo', keys, loopback: null, timeframe: '1Min' });
      broker.listener?.onReady();
      await vi.advanceTimersByTimeAsync(0);
      bench.quote('AAPL', 999_900, 1_000_100);
    },
    quote: (symbol, bidTicks, askTicks) => trading.quotes.setQuote(symbol, bidTicks, askTicks),
    deploy(agentId, symbols = ['AAPL'], slotId = 'slot-1') {
      store.commit(agentDeployed({ at: Date.now(), agentId, symbols, slotId }));
      for (const phase of ['warming', 'running'] as const)
        store.commit({ kind: 'AgentMoved', at: Date.now(), agentId, phase, reason: 'test' });
    },
    want(agentId, symbol, count) {
      const at = Date.now();
      const qtyNanos = shares(count);
      store.commit({ kind: 'TargetSet', at, agentId, symbol, qtyNanos, priceTicks: 1_000_000, reason: 't' });
      trading.rebalance(symbol);
    },
    async target(agentId, symbol, count) {
      bench.want(agentId, symbol, count);
      await vi.advanceTimersByTimeAsync(30);
    },
    async pass(ms) {
      await vi.advanceTimersByTimeAsync(ms);
      bench.quote('AAPL', 999_900, 1_000_100);
    },
    events: <K extends DeskEventKind>(kind: K) =>
      events.filter((event): event is EventOf<K> => event.kind === kind),
    lastOrder() {
      const order = Object.values(store.state().orders).at(-1);
      if (!order) throw new Error('there is no order');
      return order;
    },
    held: (agentId, symbol = 'AAPL') =>
      (store.state().agents[agentId]?.positions[symbol]?.qtyNanos ?? 0) / 1_000_000_000,
  };
  return bench;
}

function openFakeSession(
  broker: FakeBroker,
  killCalls: string[],
  { listener }: SessionOptions,
): TradingSession {
  broker.listener = listener;
  return {
    broker,
    killBroker: {
      ...broker,
      submit(order) {
        killCalls.push(`submit ${order.symbol}`);
        return broker.submit(order);
      },
      cancel(brokerOrderId) {
        killCalls.push(`cancel ${brokerOrderId}`);
        return broker.cancel(brokerOrderId);
      },
      cancelAll() {
        killCalls.push('cancelAll');
        return broker.cancelAll();
      },
      positions() {
        killCalls.push('positions');
        return broker.positions();
      },
    },
    hub: { follow: () => undefined, isConnected: () => true, close: () => undefined },
    updates: {
      isReady: () => broker.listener !== null,
      restart(reason) {
        broker.calls.push(`restart the stream: ${reason}`);
        listener.onReady();
      },
      close: () => undefined,
    },
    close() {
      broker.listener = null;
    },
  };
}
