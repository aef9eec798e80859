// What each feed shows as the latest: the market now, the market a quarter of an hour ago, or nothing, because it has no
// such venue.
import { z } from 'zod';
import type { ExchangeBar, ExchangeQuote } from './exchange.ts';
import type { Numbered } from './market-tape.ts';
import type { MarketView, NumberedTrade } from './market-view.ts';
import { mergeBars } from './merge-bars.ts';
import { DAY_S, dayStartMs, newYorkMidnightMs } from './session-day.ts';

/** How far `delayed_sip` is behind, market ms. */
export const SIP_DELAY_MS = 15 * 60_000;
const LOOK_BACK_MS = 10 * DAY_S * 1_000;
const MOST_BARS = 10_000;

export const LatestFeedQuery = z.object({
  feed: z.enum(['iex', 'sip', 'delayed_sip', 'otc', 'boats', 'overnight']).default('sip'),
  currency: z.literal('USD').optional(),
});

/** The latest of each kind; null where there is none. */
export interface LatestView {
  latestTrade(symbol: string): NumberedTrade | null;
  latestQuote(symbol: string): ExchangeQuote | null;
  latestBar(symbol: string): ExchangeBar | null;
  dayBar(symbol: string): ExchangeBar | null;
  previousDayBar(symbol: string): ExchangeBar | null;
}

/** Chooses what a feed shows. */
export function feedView(view: MarketView, feed: z.infer<typeof LatestFeedQuery>['feed']): LatestView {
  if (feed === 'iex' || feed === 'sip') return { ...view, latestQuote: view.quote };
  return feed === 'delayed_sip' ? delayedView(view) : emptyView;
}

const emptyView: LatestView = {
  latestTrade: () => null,
  latestQuote: () => null,
  latestBar: () => null,
  dayBar: () => null,
  previousDayBar: () => null,
};

function delayedView(view: MarketView): LatestView {
  const nowMs = view.nowMs() - SIP_DELAY_MS;
  /** Bars that were complete then. */
  const minutes = (symbol: string, startMs: number) => {
    const endMs = nowMs - view.barS * 1_000;
    return view.bars(symbol, { barS: view.barS, startMs, endMs, limit: MOST_BARS });
  };
  return {
    latestTrade: (symbol) => latestUntil(view.tape.trades, symbol, nowMs),
    latestQuote: (symbol) => latestUntil(view.tape.quotes, symbol, nowMs),
    latestBar: (symbol) => minutes(symbol, nowMs - LOOK_BACK_MS).at(-1) ?? null,
    dayBar: (symbol) => mergeBars(minutes(symbol, dayStartMs(nowMs)), newYorkMidnightMs(nowMs)),
    previousDayBar: view.previousDayBar,
  };
}

function latestUntil<T extends { readonly atMs: number }>(
  shelf: (symbol: string) => readonly Numbered<T>[],
  symbol: string,
  untilMs: number,
): T | null {
  return shelf(symbol).findLast(({ value }) => value.atMs <= untilMs)?.value ?? null;
}
