// The latest quote of each symbol, with the host's own time of arrival: the market's clock may run faster than the wall.

export interface Quote {
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly lastTicks: number;
  /** On the host's clock. */
  readonly receivedAt: number;
}

export interface Quotes {
  get(symbol: string): Quote | undefined;
  setQuote(symbol: string, bidTicks: number, askTicks: number): void;
  setLast(symbol: string, lastTicks: number): void;
  /** Trading in the symbol is halted or paused, as far as the market has told. */
  isHalted(symbol: string): boolean;
  setHalted(symbol: string, halted: boolean): void;
  entries(): IterableIterator<[string, Quote]>;
  /** Milliseconds since any market data arrived; null before the first. */
  dataAgeMs(): number | null;
  clear(): void;
}

/** Keeps quotes by symbol. `now` is the host's clock. */
export function createQuotes(now: () => number): Quotes {
  const quotes = new Map<string, Quote>();
  const halted = new Set<string>();
  let newestAt: number | null = null;
  return {
    get: (symbol) => quotes.get(symbol),
    setQuote(symbol, bidTicks, askTicks) {
      newestAt = now();
      const lastTicks = quotes.get(symbol)?.lastTicks ?? Math.round((bidTicks + askTicks) / 2);
      quotes.set(symbol, { bidTicks, askTicks, lastTicks, receivedAt: newestAt });
    },
    setLast(symbol, lastTicks) {
      newestAt = now();
      const known = quotes.get(symbol);
      if (known) quotes.set(symbol, { ...known, lastTicks });
    },
    isHalted: (symbol) => halted.has(symbol),
    setHalted(symbol, isHalted) {
      if (isHalted) halted.add(symbol);
      else halted.delete(symbol);
    },
    entries: () => quotes.entries(),
    dataAgeMs: () => (newestAt === null ? null : now() - newestAt),
    clear() {
      quotes.clear();
      halted.clear();
      newestAt = null;
    },
  };
}

/** Middle of the quote, in ticks, rounded down. */
export function midTicks(quote: Quote): number {
  return Math.floor((quote.bidTicks + quote.askTicks) / 2);
}
