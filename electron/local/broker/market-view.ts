// What can be read of the market: listed symbols, the latest of each kind, and bars in any timeframe.
import type {
  Exchange,
  ExchangeBar,
  ExchangeQuote,
  ExchangeStep,
  ExchangeTrade,
  ListedSymbol,
} from './exchange.ts';
import { DAY_S, dayStartMs, newYorkMidnightMs } from './session-day.ts';

/** Long enough to span a weekend with a holiday on either side. */
const LOOK_BACK_MS = 10 * DAY_S * 1_000;
const MOST_BARS = 10_000;

/** A trade with its number since the broker started. */
export interface NumberedTrade extends ExchangeTrade {
  readonly id: number;
}

export interface MarketView {
  symbols(): readonly ListedSymbol[];
  find(symbol: string): ListedSymbol | undefined;
  nowMs(): number;
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

  function latestBar(symbol: string): ExchangeBar | null {
    return lastBars.get(symbol) ?? since(symbol, ownBarS, nowMs() - LOOK_BACK_MS).at(-1) ?? null;
  }

  return {
    symbols: () => exchange.symbols(),
    find: (wanted) => exchange.symbols().find(({ symbol }) => symbol === wanted),
    nowMs,
    quote: (symbol) => exchange.quote(symbol),
    lastTicks: (symbol) => exchange.quote(symbol).lastTicks,
    latestTrade: (symbol) => trades.get(symbol) ?? null,
    latestBar,
    bars,
    dayBar: (symbol) =>
      ownBarS < DAY_S ? mergeDay(since(symbol, ownBarS, dayStartMs(nowMs()))) : latestBar(symbol),
    previousDayBar(symbol) {
      const days = since(symbol, DAY_S, nowMs() - LOOK_BACK_MS);
      // The clock of a replay stands at the end of its last bar, which is that bar's day.
      const today = ownBarS < DAY_S ? dayStartMs(nowMs()) : (latestBar(symbol)?.atMs ?? nowMs());
      return days.findLast((bar) => bar.atMs < today) ?? null;
    },
    absorb(step) {
      for (const bar of step.bars) lastBars.set(bar.symbol, bar);
      return step.trades.map((trade) => {
        const numbered = { ...trade, id: ++tradeCount };
        trades.set(trade.symbol, numbered);
        return numbered;
      });
    },
  };
}

/** Merges a day's bars into one that starts at its midnight in New York; null when there are none. */
function mergeDay(bars: readonly ExchangeBar[]): ExchangeBar | null {
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) return null;
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
  const traded = bars.reduce((sum, bar) => sum + BigInt(bar.vwapTicks) * BigInt(bar.volume), 0n);
  return {
    symbol: first.symbol,
    atMs: newYorkMidnightMs(first.atMs),
    openTicks: first.openTicks,
    highTicks: Math.max(...bars.map((bar) => bar.highTicks)),
    lowTicks: Math.min(...bars.map((bar) => bar.lowTicks)),
    closeTicks: last.closeTicks,
    volume,
    tradeCount: bars.reduce((sum, bar) => sum + bar.tradeCount, 0),
    vwapTicks: volume === 0 ? last.closeTicks : Number(traded / BigInt(volume)),
  };
}
