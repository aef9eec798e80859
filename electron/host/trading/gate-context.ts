// Gathers what the native risk gate judges an order by. What is not known goes in as null and is refused there.
import type { Side } from '../../contract/names.ts';
import type { Settings } from '../../contract/market.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { BrokerClock } from './broker.ts';
import { midTicks, type Quotes } from './quotes.ts';

const maxClockAgeMs = 10_000;

export interface GateContext {
  /** Whether new risk may be taken at all; `reducing` where entries are blocked, LIVE is not armed, or positions are not explained. */
  state(): 'active' | 'reducing' | 'halted';
  /** Judges an order. One that is in work already is named, so that it does not count against itself. */
  check(
    symbol: string,
    side: Side,
    qtyNanos: number,
    clientOrderId?: string,
  ): { approved: boolean; code: string; detail: string };
  /** Middle of the quote; null when it is missing, one-sided or stale: nothing may be crossed then. */
  midTicks(symbol: string): number | null;
  sleep(ms: number): Promise<void>;
}

export interface GateParts {
  readonly native: Native;
  readonly store: Store;
  readonly clock: Clock;
  readonly quotes: Quotes;
  readonly limits: () => Settings['limits'];
  readonly tradable: () => ReadonlySet<string>;
  /** The last answer of the broker's clock and when it came. */
  readonly marketClock: () => { readonly read: BrokerClock; readonly at: number } | null;
  readonly sleep: (ms: number) => Promise<void>;
  /** False where LIVE is not armed. */
  readonly mayOpen: () => boolean;
}

/** Creates the context over the store and the latest market data. */
export function createGateContext(parts: GateParts): GateContext {
  const { native, store, clock, quotes } = parts;

  function workingNanos(symbol: string, clientOrderId: string | undefined): number {
    let working = 0;
    for (const order of Object.values(store.state().orders)) {
      if (order.symbol !== symbol || order.clientOrderId === clientOrderId || isFinal(order)) continue;
      working += (order.side === 'buy' ? 1 : -1) * (order.qtyNanos - order.filledNanos);
    }
    return working;
  }

  function tradingState(): 'active' | 'reducing' | 'halted' {
    const { entries, discrepancy } = store.state();
    if (entries.kind === 'latched') return 'halted';
    return entries.kind === 'open' && !discrepancy && parts.mayOpen() ? 'active' : 'reducing';
  }

  return {
    state: tradingState,
    check(symbol, side, qtyNanos, clientOrderId) {
      const { account } = store.state();
      const quote = quotes.get(symbol);
      const marketClock = parts.marketClock();
      return native.checkOrder(
        { symbol, side, qtyNanos },
        {
          tradable: parts.tradable().has(symbol),
          marketOpen: marketClock?.read.isOpen ?? null,
          clockAgeMs: marketClock ? clock.now() - marketClock.at : null,
          bidTicks: quote?.bidTicks ?? null,
          askTicks: quote?.askTicks ?? null,
          quoteAgeMs: quote ? clock.now() - quote.receivedAt : null,
          positionNanos: account ? (account.positions[symbol] ?? 0) : null,
          workingNanos: workingNanos(symbol, clientOrderId),
          state: tradingState(),
        },
        { ...parts.limits(), maxClockAgeMs },
      );
    },
    midTicks(symbol) {
      const quote = quotes.get(symbol);
      if (!quote || quote.bidTicks <= 0 || quote.bidTicks > quote.askTicks) return null;
      const isStale = clock.now() - quote.receivedAt > parts.limits().maxQuoteAgeMs;
      return isStale ? null : midTicks(quote);
    },
    sleep: parts.sleep,
  };
}
