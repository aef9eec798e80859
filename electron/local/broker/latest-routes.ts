// The latest bar, trade and quote of symbols, and their snapshots, as each feed shows them.
import type { FastifyInstance } from 'fastify';
import { notFound } from './broker-refusal.ts';
import { feedView, LatestFeedQuery, type LatestView } from './feed-view.ts';
import { listedSymbol, splitSymbols } from './market-data-symbols.ts';
import type { MarketView } from './market-view.ts';
import { barToWire, quoteToWire, snapshotToWire, tradeToWire } from './market-wire.ts';
import { isoTime } from './order-wire.ts';

/** What "latest" can be asked of, by the plural of its path and the singular of its answer. */
const latestKinds = [
  { plural: 'bars', singular: 'bar', read: latestBar },
  { plural: 'trades', singular: 'trade', read: latestTrade },
  { plural: 'quotes', singular: 'quote', read: latestQuote },
] as const;

function latestBar(latest: LatestView, symbol: string) {
  const bar = latest.latestBar(symbol);
  return bar && barToWire(bar, isoTime);
}

function latestTrade(latest: LatestView, symbol: string) {
  const trade = latest.latestTrade(symbol);
  return trade && tradeToWire(trade, isoTime);
}

function latestQuote(latest: LatestView, symbol: string) {
  const quote = latest.latestQuote(symbol);
  return quote && quoteToWire(quote, isoTime);
}

/** Adds the endpoints to the server. */
export function addLatestRoutes(server: FastifyInstance, view: MarketView): void {
  const asked = (query: unknown) => feedView(view, LatestFeedQuery.parse(query).feed);
  // As Alpaca does, a list leaves out what it does not know.
  const listed = (query: unknown) => splitSymbols(query).filter((symbol) => view.find(symbol));
  for (const { plural, singular, read } of latestKinds) {
    server.get(`/v2/stocks/${plural}/latest`, async ({ query }) => {
      const latest = asked(query);
      return { [plural]: collect(listed(query), (symbol) => read(latest, symbol)), currency: 'USD' };
    });
    server.get(`/v2/stocks/:symbol/${plural}/latest`, async ({ params, query }) => {
      const symbol = listedSymbol(view, params);
      const found = read(asked(query), symbol);
      if (!found) throw notFound(`no ${singular} found for ${symbol}`);
      return { symbol, [singular]: found, currency: 'USD' };
    });
  }
  server.get('/v2/stocks/snapshots', async ({ query }) => {
    const latest = asked(query);
    return collect(listed(query), (symbol) => snapshotToWire(latest, symbol));
  });
  server.get('/v2/stocks/:symbol/snapshot', async ({ params, query }) => {
    const symbol = listedSymbol(view, params);
    return { symbol, ...snapshotToWire(asked(query), symbol), currency: 'USD' };
  });
}

function collect<T>(symbols: readonly string[], read: (symbol: string) => T | null): Record<string, T> {
  return Object.fromEntries(
    symbols.flatMap((symbol) => {
      const value = read(symbol);
      return value === null ? [] : [[symbol, value] as const];
    }),
  );
}
