// Holds news of the market back until it is a quarter of an hour old, for the delayed feed.
import type { MarketNews } from './data-connection.ts';
import { SIP_DELAY_MS } from './feed-view.ts';

interface Held {
  /** When the market had done it. */
  readonly atMs: number;
  readonly news: MarketNews;
}

/** Creates a delay in front of `publish`; each call brings what is new and lets go what is old enough. */
export function delayNews(
  publish: (news: MarketNews) => void,
  isHeard: () => boolean,
): (news: MarketNews, nowMs: number) => void {
  let held: readonly Held[] = [];
  return (news, nowMs) => {
    // The day as it was: later it would know more than the feed may tell.
    const days = new Map(isHeard() ? news.bars.map(({ symbol }) => [symbol, news.dayBar(symbol)]) : []);
    const dayBar = (symbol: string) => days.get(symbol) ?? null;
    const waiting = [...held, { atMs: nowMs, news: { ...news, dayBar } }];
    held = waiting.filter(({ atMs }) => atMs > nowMs - SIP_DELAY_MS);
    for (const { news: old } of waiting.slice(0, waiting.length - held.length)) publish(old);
  };
}
