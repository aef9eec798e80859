// The trading floor: market data in, targets in, orders out, fills allocated. Owns the session and the books around it.
import { DeskError } from '../../contract/errors.ts';
import type { Side } from '../../contract/names.ts';
import type { RoundOutcome } from '../../contract/execute.ts';
import type { AllocationShare } from '../../contract/order-events.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Bar } from '../../contract/bar.ts';
import type { Store } from '../store.ts';
import type { Asset, Broker, BrokerClock, BrokerOrder, Execution } from './broker.ts';
import { createExecutionBook, type ExecutionOutcome } from './execution-book.ts';
import { type AccountReading, readFunds } from './account-reading.ts';
import { type BreachWatch, createBreachWatch } from './breach-watch.ts';
import { createGateContext } from './gate-context.ts';
import type { MarketReading } from './order-facts.ts';
import { createOrderGateway } from './order-gateway.ts';
import { createQuotes, type Quotes } from './quotes.ts';
import { type Doubts, explainableMs, readAccount } from './read-account.ts';
import { reconcile, reconcileOrder, type ReconcileParts } from './reconcile.ts';
import type { SessionOptions, TradingSession } from './trading-session.ts';
import { createUntoldExecutions } from './untold-executions.ts';

const clockPollMs = 1_000;
const accountPollMs = 60_000;
const fundsPollMs = 3_000;
const reconcilePollMs = 30_000;
const afterFillMs = 500;
const missingFillMs = 1_000;
/** Looking for fills goes back this far: a broker lists them late, and not always in order. */
const fillOverlapMs = 60_000;

export interface Trading {
  readonly quotes: Quotes;
  /** Connects to a broker, replacing the session before it, and reads symbols, clock and account. */
  connect(
    options: Pick<SessionOptions, 'mode' | 'keys' | 'loopback'> & { readonly timeframe: string },
  ): Promise<void>;
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
  /** Rebalances the symbol and tells what came of it. */
  round(symbol: string): Promise<RoundOutcome>;
  close(symbol: string, side: Side, qtyNanos: number, shares: readonly AllocationShare[]): Promise<void>;
  killBroker(): Broker;
  refreshAccount(): Promise<void>;
  /** Reads every order in work and the account, past the rate limit. */
  reconcileForKill(): Promise<void>;
  /** The account's equity as last polled; null before the first answer. */
  equityMicros(): number | null;
  assertNoBreach: BreachWatch['assertNoBreach'];
  isConnected(): boolean;
}

export interface TradingParts {
  readonly store: Store;
  readonly native: Native;
  readonly clock: Clock;
  readonly log: Log;
  readonly orderPrefix: () => string;
  /** False where LIVE is not armed. */
  readonly mayOpen: () => boolean;
  readonly onBars: (bars: Bar[]) => void;
  readonly onSubmitted: (durationMs: number, failed: boolean) => void;
}

interface SessionState {
  session: TradingSession;
  readonly timers: Set<NodeJS.Timeout>;
  timeframe: string;
  assets: ReadonlyMap<string, Asset>;
  /** Of the positions, when the account was last read. */
  prices: ReadonlyMap<string, number>;
  clock: MarketReading | null;
  /** Readings of the market's clock, oldest first; one of them at most is older than the overlap. */
  readonly clockReads: MarketReading[];
  readonly doubts: Doubts;
  isExplaining: boolean;
  reading: AccountReading | null;
}

export type OpenSession = (options: SessionOptions) => Promise<TradingSession>;

/** Read at the first connection: the SDK takes longer than all else of the floor, and nobody needs it before. */
const openAlpaca: OpenSession = async (options) =>
  (await import('./trading-session.ts')).openTradingSession(options);

/** Creates the trading floor; it trades once `connect` has resolved. */
export function createTrading(parts: TradingParts, openSession: OpenSession = openAlpaca): Trading {
  const { store, native, clock, log } = parts;
  const quotes = createQuotes(() => clock.now());
  let current: SessionState | null = null;
  let connects = 0;
  let accountTimer: NodeJS.Timeout | null = null;

  const gate = createGateContext({
    native,
    store,
    clock,
    quotes,
    asset: (symbol) => current?.assets.get(symbol),
    brokerPrice: (symbol) => current?.prices.get(symbol) ?? null,
    marketClock: () => current?.clock ?? null,
    reading: () => current?.reading ?? null,
    sleep,
    mayOpen: parts.mayOpen,
  });
  const breaches = createBreachWatch(store, clock, gate);
  const book = createExecutionBook(native, store, clock, (symbol) => {
    scheduleAccountRead();
    gateway.rebalance(symbol);
  });
  const untold = createUntoldExecutions({
    monotonicMs: clock.monotonicMs,
    later: (ms, run) => current && later(current, ms, async () => run()),
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
    onOrder: onBrokerOrder,
    onSubmitted: parts.onSubmitted,
  });

  function connected(): SessionState {
    if (!current)
      throw new DeskError(
        'BROKER_UNAVAILABLE',
        'The desk is not connected to a broker. It reconnects by itself; see health.',
      );
    return current;
  }

  function reconcileParts(): ReconcileParts {
    const state = connected();
    return {
      store,
      clock,
      book: { ...book, apply: applyFound },
      broker: state.session.broker,
      isInFlight: gateway.isInFlight,
      doubts: state.doubts,
      marketNow: () => state.clock?.read.marketAt ?? null,
      peakEquityMicros: () => state.reading?.peakEquityMicros ?? null,
      onPositions(positions) {
        state.prices = new Map(positions.map(({ symbol, priceTicks }) => [symbol, priceTicks]));
      },
      fillHorizon: () => fillHorizon(state.clockReads, clock.now()),
      onUnderWay: (clientOrderId, lookInMs) => later(state, lookInMs, () => recover(clientOrderId)),
    };
  }

  /** An execution from the broker's history. */
  function applyFound(execution: Execution): ExecutionOutcome {
    const outcome = book.apply(execution);
    if (outcome === 'applied') untold.found(execution);
    return outcome;
  }

  function later(state: SessionState, ms: number, run: () => Promise<void>): void {
    const timer = setTimeout(() => {
      state.timers.delete(timer);
      void run();
    }, ms);
    state.timers.add(timer);
  }

  /** The broker's word on an order. Fills that it counts and the stream has not told are given a moment, then read. */
  function onBrokerOrder(order: BrokerOrder): void {
    if (book.settle(order)) return;
    // Without a connection: the next one begins by reading what is missing.
    if (!current) return;
    later(current, missingFillMs, async () => {
      if (!book.settle(order)) await recover(order.clientOrderId);
    });
  }

  async function recover(clientOrderId: string): Promise<void> {
    try {
      await reconcileOrder(reconcileParts(), clientOrderId);
    } catch (error) {
      log.warn({ err: error, clientOrderId }, 'order not reconciled');
    }
  }

  async function reconcileAll(): Promise<void> {
    if (!current) return;
    const state = current;
    try {
      await reconcile(reconcileParts());
    } catch (error) {
      log.warn({ err: error }, 'reconciliation failed');
    }
    explainSoon(state);
    rebalanceAll();
  }

  /** What differs is explained by fills that the broker lists by then, or by nothing. */
  function explainSoon(state: SessionState): void {
    if (state.doubts.size === 0 || state.isExplaining || state !== current) return;
    state.isExplaining = true;
    later(state, explainableMs, async () => {
      state.isExplaining = false;
      await reconcileAll();
    });
  }

  function rebalanceAll(): void {
    const symbols = new Set(Object.values(store.state().agents).flatMap((agent) => agent.symbols));
    for (const symbol of symbols) gateway.rebalance(symbol);
  }

  function scheduleAccountRead(): void {
    accountTimer ??= setTimeout(() => {
      accountTimer = null;
      void refreshAccount().catch((error: unknown) => log.warn({ err: error }, 'account not read'));
    }, afterFillMs);
  }

  async function refreshAccount(): Promise<void> {
    if (!current) return;
    const state = current;
    await readAccount(reconcileParts());
    explainSoon(state);
  }

  async function pollFunds(state: SessionState): Promise<void> {
    state.reading = await readFunds(state.session.broker, store, clock, state.reading);
    if (current === state && store.state().account) breaches.look();
  }

  async function pollClock(state: SessionState): Promise<void> {
    try {
      const wasOpen = state.clock?.read.isOpen;
      state.clock = { read: await state.session.broker.clock(), at: clock.now() };
      state.clockReads.push(state.clock);
      while ((state.clockReads[1]?.at ?? Infinity) <= clock.now() - fillOverlapMs) state.clockReads.shift();
      if (wasOpen === false && state.clock.read.isOpen) rebalanceAll();
    } catch (error) {
      log.warn({ err: error }, 'market clock not read');
    }
  }

  /** Reads what must be known before the first order. */
  async function prepare(state: SessionState): Promise<void> {
    const assets = await state.session.broker.assets();
    state.assets = new Map(assets.map((asset) => [asset.symbol, asset]));
    for (const { symbol, halted } of assets) quotes.setHalted(symbol, halted);
    await pollClock(state);
    await refreshAccount();
    await pollFunds(state);
    if (current !== state) throw replaced();
  }

  function every(state: SessionState, ms: number, run: () => Promise<void>): void {
    state.timers.add(
      setInterval(() => void run().catch((error: unknown) => log.warn({ err: error }, 'poll failed')), ms),
    );
  }

  function disconnect(): void {
    connects += 1;
    if (accountTimer) clearTimeout(accountTimer);
    accountTimer = null;
    if (!current) return;
    for (const timer of current.timers) clearInterval(timer);
    current.session.close();
    current = null;
    quotes.clear();
  }

  return {
    quotes,
    disconnect,
    refreshAccount,
    reconcileForKill: async () =>
      reconcile({ ...reconcileParts(), broker: connected().session.killBroker }, true),
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
        isMarketOpen: () => current?.clock?.read.isOpen === true,
        onBars(bars) {
          parts.onBars(bars);
          for (const bar of bars) gateway.rebalance(bar.symbol);
        },
        listener: {
          onReady() {
            untold.ready();
            void reconcileAll();
          },
          onOrder(order) {
            if (mine === connects) onBrokerOrder(order);
          },
          onExecution(execution) {
            if (mine !== connects) return;
            untold.told(execution);
            if (book.apply(execution) === 'gap') void recover(execution.order.clientOrderId);
          },
        },
      });
      if (mine !== connects) {
        session.close();
        throw replaced();
      }
      const state: SessionState = {
        session,
        timers: new Set(),
        timeframe,
        assets: new Map(),
        prices: new Map(),
        clock: null,
        clockReads: [],
        doubts: new Map(),
        isExplaining: false,
        reading: null,
      };
      current = state;
      try {
        await prepare(state);
      } catch (error) {
        if (current === state) disconnect();
        throw error;
      }
      const followed = Object.values(store.state().agents).flatMap((agent) => agent.symbols);
      session.hub.follow([...new Set(followed)]);
      every(state, clockPollMs, () => pollClock(state));
      every(state, accountPollMs, refreshAccount);
      every(state, fundsPollMs, () => pollFunds(state));
      every(state, reconcilePollMs, reconcileAll);
    },
    marketClock: () => current?.clock?.read ?? null,
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
      const { session, timeframe, clock: marketClock } = connected();
      return session.broker.bars(symbols, timeframe, bars, marketClock?.read.marketAt ?? clock.now());
    },
    barPages: (symbol, timeframe, range, signal) =>
      connected().session.broker.barPages({ symbol, timeframe, ...range }, signal),
    rebalance: gateway.rebalance,
    round: gateway.round,
    close: gateway.close,
    killBroker: () => connected().session.killBroker,
    equityMicros: () => current?.reading?.equityMicros ?? null,
    assertNoBreach: breaches.assertNoBreach,
    isConnected: () =>
      current !== null && current.session.hub.isConnected() && current.session.updates.isReady(),
  };
}

/** The market's time one overlap ago; null while nobody has followed it for so long. */
function fillHorizon([oldest]: readonly MarketReading[], now: number): number | null {
  return oldest && oldest.at <= now - fillOverlapMs ? oldest.read.marketAt : null;
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
