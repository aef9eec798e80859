// The gate as the floor asks it: knows where each fact is held. What is not known goes in as null and is refused there.
import type { GateJudgement } from '../../../contract/order-events.ts';
import type { Native } from '../../../native/load.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { AccountReading } from './account-reading.ts';
import { openAgentBooks } from '../books/agent-books.ts';
import type { Asset } from '../broker.ts';
import { type JudgedOrder, type MarketReading, orderFacts } from './order-facts.ts';
import { midTicks, type Quotes } from '../quotes.ts';
import { createRiskGate, type Denial, type OrderFacts, type TradingState } from './risk-gate.ts';
import type { WantedPosition } from '../books/wanted-positions.ts';

export interface GateContext {
  /** Whether new risk may be taken at all; `reducing` where entries are blocked, LIVE is not armed, or positions are not explained. */
  state(): TradingState;
  /** Judges an order; null approves. */
  check(order: JudgedOrder): Denial | null;
  /** What an order is judged by, in the parts that are kept with it. */
  judgement(order: JudgedOrder): GateJudgement;
  /** Judges what agents want to hold in the symbol, one after the other: each counts what those before it may have. */
  wishes(symbol: string): (wish: WantedPosition) => Denial | null;
  /** Tells whether the account has lost what it may. */
  checkLosses(): Denial | null;
  /** Middle of the quote; null when it is missing, one-sided or stale: nothing may be crossed then. */
  midTicks(symbol: string): number | null;
  sleep(ms: number): Promise<void>;
}

export interface GateParts {
  readonly native: Native;
  readonly store: Store;
  readonly clock: Clock;
  readonly quotes: Quotes;
  readonly asset: (symbol: string) => Asset | undefined;
  /** The broker's price of a position whose symbol is not followed; null when it has told none. */
  readonly brokerPrice: (symbol: string) => number | null;
  /** The last answer of the broker's clock and when it came. */
  readonly marketClock: () => MarketReading | null;
  readonly reading: () => AccountReading | null;
  readonly sleep: (ms: number) => Promise<void>;
  /** False where LIVE is not armed. */
  readonly mayOpen: () => boolean;
}

/** Creates the context over the store and the latest market data. Throws NATIVE_MISSING. */
export function createGateContext(parts: GateParts): GateContext {
  const { native, store, clock, quotes } = parts;
  const gate = createRiskGate(native);

  const askOf = (symbol: string): number | null => quotes.get(symbol)?.askTicks ?? parts.brokerPrice(symbol);
  const lastOf = (symbol: string): number | null =>
    quotes.get(symbol)?.lastTicks ?? parts.brokerPrice(symbol);

  function tradingState(): TradingState {
    const { entries, discrepancy } = store.state();
    if (entries.kind === 'latched') return 'halted';
    return entries.kind === 'open' && !discrepancy && parts.mayOpen() ? 'active' : 'reducing';
  }

  function factsOf(order: JudgedOrder): OrderFacts {
    return orderFacts(order, {
      state: store.state(),
      tradingState: tradingState(),
      now: clock.now(),
      quotes,
      asset: parts.asset(order.symbol),
      marketClock: parts.marketClock(),
      reading: parts.reading(),
      priceOf: askOf,
    });
  }

  return {
    state: tradingState,
    check: (order) => gate.checkOrder(factsOf(order), store.state().limits),
    judgement(order) {
      const { bidTicks, askTicks, quoteAgeMs, positionNanos } = factsOf(order);
      return { state: tradingState(), bidTicks, askTicks, quoteAgeMs, positionNanos };
    },
    wishes(symbol) {
      const state = store.state();
      const books = openAgentBooks(symbol, { state, askOf, lastOf });
      return (wish) => {
        const denial = gate.checkAgent(books.facts(wish), state.limits);
        if (!denial) books.grant(wish.agentId, wish.targetNanos);
        return denial;
      };
    },
    // The account is judged; the order beside it is not looked at.
    checkLosses: () =>
      gate.checkLosses(factsOf({ symbol: '', side: 'buy', qtyNanos: 0 }), store.state().limits),
    midTicks(symbol) {
      const quote = quotes.get(symbol);
      if (!quote || quote.bidTicks <= 0 || quote.bidTicks > quote.askTicks) return null;
      const isStale = clock.now() - quote.receivedAt > store.state().limits['order.quoteAge'];
      return isStale ? null : midTicks(quote);
    },
    sleep: parts.sleep,
  };
}
