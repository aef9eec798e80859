// One data socket for the whole swarm: brokers allow one connection an account, so agents share this.
import type { streaming } from '@alpacahq/alpaca-trade-api';
import type { Bar } from '../../contract/bar.ts';
import { toTicks } from './alpaca-values.ts';
import type { Quotes } from './quotes.ts';

/** Bars of one instant arrive as separate messages; they are handed on together. */
const gatherMs = 5;

export interface MarketHub {
  /** Adds symbols to what is followed. */
  follow(symbols: readonly string[]): void;
  isConnected(): boolean;
  close(): void;
}

/** Connects the stream and keeps the quotes. `onBars` receives completed bars. */
export function createMarketHub(
  stream: streaming.StockDataStream,
  quotes: Quotes,
  onBars: (bars: Bar[]) => void,
): MarketHub {
  const followed = new Set<string>();
  let gathered: Bar[] = [];
  let gatherTimer: NodeJS.Timeout | null = null;
  let connected = false;

  function deliver(): void {
    gatherTimer = null;
    const bars = gathered;
    gathered = [];
    onBars(bars);
  }

  function subscribe(symbols: string[]): void {
    stream.subscribeForQuotes(symbols);
    stream.subscribeForTrades(symbols);
    stream.subscribeForBars(symbols);
  }

  stream.onQuote((quote) => quotes.setQuote(quote.symbol, toTicks(quote.bidPrice), toTicks(quote.askPrice)));
  stream.onTrade((trade) => quotes.setLast(trade.symbol, toTicks(trade.price)));
  stream.onBar((bar) => {
    gathered.push({
      symbol: bar.symbol,
      at: bar.timestamp.getTime(),
      openTicks: toTicks(bar.open),
      highTicks: toTicks(bar.high),
      lowTicks: toTicks(bar.low),
      closeTicks: toTicks(bar.close),
      volume: Math.round(bar.volume),
    });
    gatherTimer ??= setTimeout(deliver, gatherMs);
  });
  stream.onStateChange((state) => {
    connected = state === 'authenticated';
  });
  stream.connect();

  return {
    follow(symbols) {
      const fresh = symbols.filter((symbol) => !followed.has(symbol));
      if (fresh.length === 0) return;
      for (const symbol of fresh) followed.add(symbol);
      subscribe(fresh);
    },
    isConnected: () => connected,
    close() {
      if (gatherTimer) clearTimeout(gatherTimer);
      stream.disconnect();
    },
  };
}
