// One data socket for the whole swarm: brokers allow one connection an account, so agents share this.
import type { streaming } from '@alpacahq/alpaca-trade-api';
import type { Bar } from '../../../contract/bar.ts';
import { toTicks } from './alpaca-values.ts';
import type { Quotes } from '../quotes.ts';
import { type StreamSurroundings, superviseStream } from './stream-supervisor.ts';

/** Bars of one instant arrive as separate messages; they are handed on together. */
const gatherMs = 5;

/** An open market is never so quiet. */
const silentMs = 30_000;

export interface HubSurroundings extends StreamSurroundings {
  readonly isMarketOpen: () => boolean;
}
/** By the codes of both tapes. Others tell of quotations, which resume before trading does. */
const haltedBy: Readonly<Record<string, boolean>> = { 2: true, H: true, P: true, 3: false, T: false };

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
  { clock, log, isMarketOpen }: HubSurroundings,
): MarketHub {
  /** When each symbol was asked for last, on the host's clock. */
  const followed = new Map<string, number>();
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
    stream.subscribeForStatuses(symbols);
  }

  stream.onQuote((quote) => quotes.setQuote(quote.symbol, toTicks(quote.bidPrice), toTicks(quote.askPrice)));
  stream.onTrade((trade) => quotes.setLast(trade.symbol, toTicks(trade.price)));
  stream.onStatus(({ symbol, statusCode = '' }) => {
    const halted = haltedBy[statusCode];
    if (halted !== undefined) quotes.setHalted(symbol, halted);
  });
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
  /** Symbols that went silent are asked for again; all of them together mean that the connection is of no use. */
  function faultOf(authenticatedMs: number): string | null {
    if (!isMarketOpen() || authenticatedMs < silentMs) return null;
    const now = clock.now();
    const silent = [...followed.keys()].filter((symbol) => {
      const since = Math.max(quotes.get(symbol)?.receivedAt ?? 0, followed.get(symbol) ?? 0);
      return now - since >= silentMs;
    });
    if (silent.length === 0) return null;
    for (const symbol of silent) followed.set(symbol, now);
    if (silent.length === followed.size) return `nothing was told for ${silentMs / 1_000} s`;
    log.warn({ symbols: silent }, 'symbols without quotes; asked for again');
    // The SDK does not ask twice for what it has asked for.
    stream.unsubscribeFromQuotes(silent);
    stream.subscribeForQuotes(silent);
    return null;
  }

  stream.onStateChange((state) => {
    connected = state === 'authenticated';
  });
  stream.connect();
  const supervisor = superviseStream({ name: 'market data', stream, clock, log, faultOf });

  return {
    follow(symbols) {
      const fresh = symbols.filter((symbol) => !followed.has(symbol));
      if (fresh.length === 0) return;
      for (const symbol of fresh) followed.set(symbol, clock.now());
      subscribe(fresh);
    },
    isConnected: () => connected,
    close() {
      if (gatherTimer) clearTimeout(gatherTimer);
      supervisor.close();
    },
  };
}
