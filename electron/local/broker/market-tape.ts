// The trades and quotes of the last while, for those who ask for the past. It begins with the broker's start, because
// nobody keeps either for longer.
import type { ExchangeQuote } from './exchange.ts';
import type { NumberedTrade } from './market-view.ts';

/** Of each symbol and kind: about a session of the simulated market. */
const MOST_KEPT = 5_000;

/** Numbered in the order of arrival, so that a page can begin where the last one ended. */
export interface Numbered<T> {
  readonly number: number;
  readonly value: T;
}

export interface MarketTape {
  absorb(trades: readonly NumberedTrade[], quotes: readonly ExchangeQuote[]): void;
  /** Oldest first. */
  trades(symbol: string): readonly Numbered<NumberedTrade>[];
  /** Oldest first. */
  quotes(symbol: string): readonly Numbered<ExchangeQuote>[];
}

/** Creates an empty tape. */
export function createMarketTape(): MarketTape {
  const trades = createShelf<NumberedTrade>();
  const quotes = createShelf<ExchangeQuote>();
  return {
    absorb(newTrades, newQuotes) {
      newTrades.forEach(trades.add);
      newQuotes.forEach(quotes.add);
    },
    trades: trades.of,
    quotes: quotes.of,
  };
}

function createShelf<T extends { readonly symbol: string }>() {
  const bySymbol = new Map<string, Numbered<T>[]>();
  let count = 0;
  return {
    add(value: T): void {
      const kept = bySymbol.get(value.symbol) ?? [];
      bySymbol.set(value.symbol, kept);
      kept.push({ number: (count += 1), value });
      // Now and then many at once: shifting one at a time would move all the others.
      if (kept.length >= 2 * MOST_KEPT) kept.splice(0, MOST_KEPT);
    },
    of: (symbol: string): readonly Numbered<T>[] => bySymbol.get(symbol) ?? [],
  };
}
