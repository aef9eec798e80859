// The trading floor: market data in, targets in, orders out, fills allocated. Owns the session and the books around it.
import { DeskError } from '../../contract/errors.ts';
import { NANOS_PER_SHARE } from '../../contract/money.ts';
import type { Side } from '../../contract/names.ts';
import type { RoundOutcome } from '../../contract/execute.ts';
import type { AllocationShare } from '../../contract/order-events.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Bar } from '../../contract/bar.ts';
import type { Store } from '../store.ts';
import { readFunds } from './risk/account-reading.ts';
import type { Broker, BrokerClock } from './broker.ts';
import { createExecutionBook } from './books/execution-book.ts';
import { type FloorSession, openFloorSession } from './floor-session.ts';
import { type BreachWatch, createBreachWatch } from './risk/breach-watch.ts';
import { createGateContext } from './risk/gate-context.ts';
import { createOrderGateway } from './orders/order-gateway.ts';
import { createQuotes, type Quotes } from './quotes.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import type { SessionOptions, TradingSession } from './alpaca/trading-session.ts';
import { createUntoldExecutions } from './reconcile/untold-executions.ts';

const clockPollMs = 1_000;
const accountPollMs = 60_000;
const fundsPollMs = 3_000;
const reconcilePollMs = 30_000;

export interface Trading {
  readonly quotes: Quotes;
  /** Connects to a broker, replacing the session before it, and reads symbols, clock and account. */
  connect(options: ConnectedAccount & { readonly timeframe: string }): Promise<void>;
  disconnect(): void;
  marketClock(): BrokerClock | null;
  /** Throws UNKNOWN_SYMBOL naming what can be traded. */
  assertTradable(symbols: readonly string[]): void;
  follow(symbols: readonly string[]): void;
  history(symbols: readonly string[], bars: number): Promise<Bar[]>;
  /** Pages of past bars, oldest first, whatever the size that the market streams. */
  barPages(
    symbol: string,
    timeframe: string,
    range: { readonly startMs: number; readonly endMs: number },
    signal: AbortSignal,
  ): AsyncIterable<Bar[]>;
  rebalance(symbol: string): void;
  /** Every symbol of every agent. */
  rebalanceAll(): void;
  /** Rebalances the symbol and tells what came of it. */
  round(symbol: string): Promise<RoundOutcome>;
  close(symbol: string, side: Side, qtyNanos: number, shares: readonly AllocationShare[]): Promise<void>;
  killBroker(): Broker;
  /** What a position in the symbol is valued by, null while no fresh quote and no price of the broker's is known, and its lot. */
  terms(symbol: string): { readonly priceTicks: number | null; readonly lotNanos: number };
  refreshAccount(): Promise<void>;
  /** Reads every order in work, fills and the account; a failure is logged. */
  reconcile(): Promise<void>;
  /** Reads every order in work and the account, past the rate limit; a kill of everything believes what it reads. */
  reconcileForKill(believes: boolean): Promise<void>;
  /** The account's equity as last polled; null before the first answer. */
  equityMicros(): number | null;
  assertNoBreach: BreachWatch['assertNoBreach'];
  isConnected(): boolean;
  /** What the connection showed last; null while there is none. */
  vitals(): TradingVitals | null;
}

/** Times on the host's clock; null before the first reading. */
export interface TradingVitals {
  /** The stream of order updates is authenticated. */
  readonly streamReady: boolean;
  readonly connectedAt: number;
  readonly clockReadAt: number | null;
  readonly accountReadAt: number | null;
  readonly reconciledAt: number | null;
}

/** What a connection is made with. */
export type ConnectedAccount = Pick<SessionOptions, 'mode' | 'keys' | 'loopback'>;

export interface TradingParts {
  readonly store: Store;
  readonly native: Native;
  readonly clock: Clock;
  readonly log: Log;
  readonly orderPrefix: () => string;
  /** False where LIVE is not armed. */
  readonly mayOpen: () => boolean;
  readonly onBars: (bars: Bar[]) => void;
  /** A connection begins, with these keys. */
  readonly onConnecting?: (account: ConnectedAccount) => void;
  readonly onSubmitted: (durationMs: number, failed: boolean) => void;
}

export type OpenSession = (options: SessionOptions) => Promise<TradingSession>;

/** Read at the first connection: the SDK takes longer than all else of the floor, and nobody needs it before. */
const openAlpaca: OpenSession = async (options) =>
  (await import('./alpaca/trading-session.ts')).openTradingSession(options);

/** Creates the trading floor; it trades once `connect` has resolved. */
export function createTrading(parts: TradingParts, openSession: OpenSession = openAlpaca): Trading {
  const { store, native, clock, log } = parts;
  const quotes = createQuotes(() => clock.now());
  let current: FloorSession | null = null;
  let connects = 0;

  const gate = createGateContext({
    native,
    store,
    clock,
    quotes,
    asset: (symbol) => current?.assets.get(symbol),
    brokerPrice: (symbol) => current?.prices.get(symbol) ?? null,
    marketClock: () => current?.market.last() ?? null,
    reading: () => current?.reading ?? null,
    sleep,
    mayOpen: parts.mayOpen,
  });
  const breaches = createBreachWatch(store, clock, gate);
  const book = createExecutionBook(native, store, clock, (symbol) => {
    reconciler.accountSoon();
    gateway.rebalance(symbol);
  });
  const untold = createUntoldExecutions({
    monotonicMs: clock.monotonicMs,
    later: (ms, run) => current?.timers.later(ms, async () => run()),
    onMute: () => current?.session.updates.restart('it did not tell of executions'),
  });
  const gateway = createOrderGateway({
    store,
    native,
    clock,
    log,
    gate,
    orderPrefix: parts.orderPrefix,
    broker: () => connected().session.broker,
    closingBroker: () => connected().session.killBroker,
    canSend: () => current !== null && current.session.updates.isReady() && store.state().account !== null,
    canClose: () => current !== null && store.state().account !== null,
    onOrder: (order) => reconciler.heed(order),
    onSubmitted: parts.onSubmitted,
  });
  const reconciler = createReconciler({
    store,
    clock,
    log,
    book,
    isInFlight: gateway.isInFlight,
    current: () => current,
    connected,
    onFound: untold.found,
    onAll: rebalanceAll,
  });

  function connected(): FloorSession {
    if (!current)
      throw new DeskError(
        'BROKER_UNAVAILABLE',
        'The desk is not connected to a broker. It reconnects by itself; see health.',
      );
    return current;
  }

  function rebalanceAll(): void {
    const symbols = new Set(Object.values(store.state().agents).flatMap((agent) => agent.symbols));
    for (const symbol of symbols) gateway.rebalance(symbol);
  }

  async function pollFunds(floor: FloorSession): Promise<void> {
    floor.reading = await readFunds(floor.session.broker, store, clock, floor.reading);
    if (current === floor && store.state().account) breaches.look();
  }

  async function pollClock(floor: FloorSession): Promise<void> {
    try {
      const wasOpen = floor.market.last()?.read.isOpen;
      const read = await floor.session.broker.clock();
      floor.market.take(read);
      if (wasOpen === false && read.isOpen) rebalanceAll();
    } catch (error) {
      log.warn({ err: error }, 'market clock not read');
    }
  }

  /** Reads what must be known before the first order. */
  async function prepare(floor: FloorSession): Promise<void> {
    const assets = await floor.session.broker.assets();
    floor.assets = new Map(assets.map((asset) => [asset.symbol, asset]));
    for (const { symbol, halted } of assets) quotes.setHalted(symbol, halted);
    await pollClock(floor);
    await reconciler.account();
    await pollFunds(floor);
    if (current !== floor) throw replaced();
  }

  function disconnect(): void {
    connects += 1;
    if (!current) return;
    current.timers.clear();
    current.session.close();
    current = null;
    quotes.clear();
  }

  return {
    quotes,
    disconnect,
    refreshAccount: reconciler.account,
    reconcile: reconciler.all,
    reconcileForKill: reconciler.forKill,
    async connect({ timeframe, ...options }) {
      disconnect();
      const mine = connects;
      const { accountNumber } = store.state();
      const session = await openSession({
        ...options,
        modeInForce: () => (store.state().accountNumber === accountNumber ? store.state().mode : null),
        quotes,
        clock,
        log,
        isMarketOpen: () => current?.market.last()?.read.isOpen === true,
        onBars(bars) {
          parts.onBars(bars);
          for (const bar of bars) gateway.rebalance(bar.symbol);
        },
        listener: {
          onReady() {
            untold.ready();
            void reconciler.all();
          },
          onOrder(order) {
            if (mine === connects) reconciler.heed(order);
          },
          onExecution(execution) {
            if (mine !== connects) return;
            untold.told(execution);
            if (book.apply(execution) === 'gap') void reconciler.recover(execution.order.clientOrderId);
          },
        },
      });
      if (mine !== connects) {
        session.close();
        throw replaced();
      }
      const floor = openFloorSession(session, timeframe, clock, log);
      current = floor;
      try {
        parts.onConnecting?.(options);
        await prepare(floor);
      } catch (error) {
        if (current === floor) disconnect();
        throw error;
      }
      const followed = Object.values(store.state().agents).flatMap((agent) => agent.symbols);
      session.hub.follow([...new Set(followed)]);
      floor.timers.every(clockPollMs, () => pollClock(floor));
      floor.timers.every(accountPollMs, reconciler.account);
      floor.timers.every(fundsPollMs, () => pollFunds(floor));
      floor.timers.every(reconcilePollMs, reconciler.all);
    },
    marketClock: () => current?.market.last()?.read ?? null,
    assertTradable(symbols) {
      const known = connected().assets;
      const unknown = symbols.filter((symbol) => !known.has(symbol));
      if (unknown.length === 0) return;
      throw new DeskError(
        'UNKNOWN_SYMBOL',
        `${unknown.join(', ')} cannot be traded on this market; choose from ${[...known.keys()].sort().slice(0, 20).join(', ')}.`,
        { unknown },
      );
    },
    follow: (symbols) => connected().session.hub.follow(symbols),
    history(symbols, bars) {
      const { session, timeframe, market } = connected();
      return session.broker.bars(symbols, timeframe, bars, market.last()?.read.marketAt ?? clock.now());
    },
    barPages: (symbol, timeframe, range, signal) =>
      connected().session.broker.barPages({ symbol, timeframe, ...range }, signal),
    rebalance: gateway.rebalance,
    rebalanceAll,
    round: gateway.round,
    close: gateway.close,
    killBroker: () => connected().session.killBroker,
    terms: (symbol) => ({
      priceTicks: gate.midTicks(symbol) ?? current?.prices.get(symbol) ?? null,
      lotNanos: current?.assets.get(symbol)?.lotNanos ?? NANOS_PER_SHARE,
    }),
    equityMicros: () => current?.reading?.equityMicros ?? null,
    assertNoBreach: breaches.assertNoBreach,
    isConnected: () =>
      current !== null && current.session.hub.isConnected() && current.session.updates.isReady(),
    vitals: () =>
      current && {
        streamReady: current.session.updates.isReady(),
        connectedAt: current.openedAt,
        clockReadAt: current.market.last()?.at ?? null,
        accountReadAt: current.reading?.at ?? null,
        reconciledAt: current.reconciledAt,
      },
  };
}

function replaced(): DeskError {
  return new DeskError('CANCELLED', 'The connection to the broker was replaced while it was made.');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    // An order whose outcome nobody can tell any more does not keep a host from ending.
    setTimeout(resolve, ms).unref();
  });
}
