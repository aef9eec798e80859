// The screener: which stocks trade most today, and which have gained and lost most since yesterday's close.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TICKS_PER_USD } from '../../contract/money.ts';
import type { MarketView } from './market-view.ts';
import { isoTime } from './order-wire.ts';

const ActivesQuery = z.object({
  by: z.enum(['volume', 'trades']).default('volume'),
  top: z.coerce.number().int().min(1).max(100).default(10),
});
const MoversQuery = z.object({ top: z.coerce.number().int().min(1).max(50).default(10) });

/** Adds the endpoints to the server. */
export function addScreenerRoutes(server: FastifyInstance, view: MarketView): void {
  server.get('/v1beta1/screener/stocks/most-actives', async ({ query }) => {
    const { by, top } = ActivesQuery.parse(query);
    const key = by === 'volume' ? 'volume' : 'trade_count';
    const actives = view.symbols().flatMap(({ symbol }) => {
      const day = view.dayBar(symbol);
      return day ? [{ symbol, volume: day.volume, trade_count: day.tradeCount }] : [];
    });
    const sorted = actives.sort((one, other) => other[key] - one[key]);
    return { most_actives: sorted.slice(0, top), last_updated: isoTime(view.nowMs()) };
  });
  server.get('/v1beta1/screener/stocks/movers', async ({ query }) => {
    const { top } = MoversQuery.parse(query);
    const changes = view.symbols().flatMap(({ symbol }) => moverOf(view, symbol) ?? []);
    const rising = changes.sort((one, other) => other.percent_change - one.percent_change);
    return {
      gainers: rising.filter(({ change }) => change > 0).slice(0, top),
      losers: rising
        .filter(({ change }) => change < 0)
        .reverse()
        .slice(0, top),
      market_type: 'stocks',
      last_updated: isoTime(view.nowMs()),
    };
  });
}

function moverOf(view: MarketView, symbol: string) {
  const before = view.previousDayBar(symbol)?.closeTicks;
  if (before === undefined) return null;
  const now = view.lastTicks(symbol);
  return {
    symbol,
    percent_change: Math.round(((now - before) / before) * 10_000) / 100,
    change: (now - before) / TICKS_PER_USD,
    price: now / TICKS_PER_USD,
  };
}
