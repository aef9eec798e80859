// What can be read of the market: listed symbols, the latest of each kind, and bars in any timeframe.
import type {
  Exchange,
  ExchangeBar,
  ExchangeQuote,
  ExchangeStep,
  ExchangeTrade,
  ListedSymbol,
} from './exchange.ts';
import { createMarketTape, type MarketTape } from './market-tape.ts';
import { mergeBars } from './merge-bars.ts';
import { DAY_S, dayStartMs, newYorkMidnightMs } from './session-day.ts';

/** Long enough to span a weekend with a holiday on either side. */
const LOOK_BACK_MS = 10 * DAY_S * 1_000;
const MOST_BARS = 10_000;

/** A trade with its number since the broker started. */
export interface NumberedTrade extends ExchangeTrade {
  readonly id: number;
}

export interface MarketView {
  /** Trades and quotes since the broker started. */
  readonly tape: Pick<MarketTape, 'trades' | 'quotes'>;
  symbols(): readonly ListedSymbol[];
  find(symbol: string): ListedSymbol | undefined;
  /** Seconds of the market's own bars. */
  readonly barS: number;
  nowMs(): number;
  isOpen(): boolean;
  quote(symbol: string): ExchangeQuote;
  lastTicks(symbol: string): number;
  /** Null until a trade has been seen since the broker started. */
  latestTrade(symbol: string): NumberedTrade | null;
  latestBar(symbol: string): ExchangeBar | null;
  /** Completed bars that start within [startMs, endMs], oldest first; at most `limit`, counted from the oldest. */
  bars(symbol: string, window: BarWindow): readonly ExchangeBar[];
  /** What has been traded on the current day so far, null before its first bar. */
  dayBar(symbol: string): ExchangeBar | null;
  previousDayBar(symbol: string): ExchangeBar | null;
  /** Takes in a step and numbers its trades. */
  absorb(step: ExchangeStep): readonly NumberedTrade[];
}

export interface BarWindow {
  readonly barS: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
}

/** Creates the view. A timeframe that cannot be made of the market's own bars is answered with these, as the stream does. */
export function createMarketView(exchange: Exchange): MarketView {
  const ownBarS = exchange.barS();
  const trades = new Map<string, NumberedTrade>();
  const tape = createMarketTape();
  const lastBars = new Map<string, ExchangeBar>();
  let tradeCount = 0;

  const nowMs = () => exchange.clock().nowMs;

  function bars(symbol: string, { barS, startMs, endMs, limit }: BarWindow): readonly ExchangeBar[] {
    const until = Math.min(endMs, nowMs());
    const servedBarS = barS % ownBarS === 0 ? barS : ownBarS;
    return until < startMs ? [] : exchange.bars(symbol, servedBarS, startMs, until, limit);
  }

  function since(symbol: string, barS: number, startMs: number): readonly ExchangeBar[] {
    return bars(symbol, { barS, startMs, endMs: nowMs(), limit: MOST_BARS });
  }

  function today(symbol: string): ExchangeBar | null {
    return mergeBars(since(symbol, ownBarS, dayStartMs(nowMs())), newYorkMidnightMs(nowMs()));
  }

  function latestBar(symbol: string): ExchangeBar | null {
    return lastBars.get(symbol) ?? since(symbol, ownBarS, nowMs() - LOOK_BACK_MS).at(-1) ?? null;
  }

  return {
    tape,
    barS: ownBarS,
    symbols: () => exchange.symbols(),
    find: (wanted) => exchange.symbols().find(({ symbol }) => symbol === wanted),
    nowMs,
    isOpen: () => exchange.clock().isOpen,
    quote: (symbol) => exchange.quote(symbol),
    lastTicks: (symbol) => exchange.quote(symbol).lastTicks,
    latestTrade: (symbol) => trades.get(symbol) ?? null,
    latestBar,
    bars,
    dayBar: (symbol) => (ownBarS < DAY_S ? today(symbol) : latestBar(symbol)),
    previousDayBar(symbol) {
      const days = since(symbol, DAY_S, nowMs() - LOOK_BACK_MS);
      // The clock of a replay stands at the end of its last bar, which is that bar's day.
      const today = ownBarS < DAY_S ? dayStartMs(nowMs()) : (latestBar(symbol)?.atMs ?? nowMs());
      return days.findLast((bar) => bar.atMs < today) ?? null;
    },
    absorb(step) {
      for (const bar of step.bars) lastBars.set(bar.symbol, bar);
      const numbered = step.trades.map((trade) => ({ ...trade, id: ++tradeCount }));
      for (const trade of numbered) trades.set(trade.symbol, trade);
      tape.absorb(numbered, step.quotes);
      return numbered;
    },
  };
}
