// The market data API for stocks: bars, trades and quotes, the latest of each, and snapshots; for many symbols or one.
import type { FastifyInstance } from 'fastify';
import { HistoryQuery } from './history-query.ts';
import { addLatestRoutes } from './latest-routes.ts';
import { listedSymbol, splitSymbols } from './market-data-symbols.ts';
import { barToWire, quoteToWire, tradeToWire } from './market-wire.ts';
import type { MarketView } from './market-view.ts';
import { isoTime } from './order-wire.ts';
import { BarQuery, readBars } from './read-bars.ts';
import { readTicks } from './read-ticks.ts';
import { addScreenerRoutes } from './screener-routes.ts';

/** Adds the market data API to the server. */
export function addMarketDataRoutes(server: FastifyInstance, view: MarketView): void {
  addBarRoutes(server, view);
  addTickRoutes(server, view);
  addMetaRoutes(server, view);
  addLatestRoutes(server, view);
  addScreenerRoutes(server, view);
}

function addBarRoutes(server: FastifyInstance, view: MarketView): void {
  server.get('/v2/stocks/bars', async ({ query }) => {
    const page = readBars(view, splitSymbols(query), BarQuery.parse(query));
    const bars = mapValues(page.bars, (bar) => barToWire(bar, isoTime));
    return { bars, next_page_token: page.nextPageToken, currency: 'USD' };
  });
  server.get('/v2/stocks/:symbol/bars', async ({ params, query }) => {
    const symbol = listedSymbol(view, params);
    const page = readBars(view, [symbol], BarQuery.parse(query));
    const bars = (page.bars[symbol] ?? []).map((bar) => barToWire(bar, isoTime));
    return { symbol, bars, next_page_token: page.nextPageToken, currency: 'USD' };
  });
}

/** What happened one by one, by the plural of its path. */
const tickKinds = [
  { plural: 'trades', read: readTrades },
  { plural: 'quotes', read: readQuotes },
] as const;

function readTrades(view: MarketView, symbols: readonly string[], query: HistoryQuery) {
  const page = readTicks({ nowMs: view.nowMs(), of: view.tape.trades }, symbols, query);
  return { ...page, ticks: mapValues(page.ticks, (trade) => tradeToWire(trade, isoTime)) };
}

function readQuotes(view: MarketView, symbols: readonly string[], query: HistoryQuery) {
  const page = readTicks({ nowMs: view.nowMs(), of: view.tape.quotes }, symbols, query);
  return { ...page, ticks: mapValues(page.ticks, (quote) => quoteToWire(quote, isoTime)) };
}

function addTickRoutes(server: FastifyInstance, view: MarketView): void {
  for (const { plural, read } of tickKinds) {
    server.get(`/v2/stocks/${plural}`, async ({ query }) => {
      const { ticks, nextPageToken } = read(view, splitSymbols(query), HistoryQuery.parse(query));
      return { [plural]: ticks, next_page_token: nextPageToken, currency: 'USD' };
    });
    server.get(`/v2/stocks/:symbol/${plural}`, async ({ params, query }) => {
      const symbol = listedSymbol(view, params);
      const { ticks, nextPageToken } = read(view, [symbol], HistoryQuery.parse(query));
      return { symbol, [plural]: ticks[symbol] ?? [], next_page_token: nextPageToken, currency: 'USD' };
    });
  }
}

/** The codes that trades, quotes and venues carry here, in words; and what never happens in this market. */
function addMetaRoutes(server: FastifyInstance, view: MarketView): void {
  for (const version of ['v1', 'v1beta1']) {
    server.get(`/${version}/corporate-actions`, async () => ({
      corporate_actions: {},
      next_page_token: null,
    }));
  }
  server.get('/v2/stocks/auctions', async () => ({ auctions: {}, next_page_token: null, currency: 'USD' }));
  server.get('/v2/stocks/:symbol/auctions', async ({ params }) => ({
    symbol: listedSymbol(view, params),
    auctions: [],
    next_page_token: null,
    currency: 'USD',
  }));
  server.get('/v1beta1/news', async () => ({ news: [], next_page_token: null }));
  server.get('/v2/stocks/meta/conditions/trade', async () => ({ '@': 'Regular Sale' }));
  server.get('/v2/stocks/meta/conditions/quote', async () => ({ R: 'Regular Two-Sided Quote' }));
  server.get('/v2/stocks/meta/exchanges', async () => ({ V: 'Demo market' }));
}

function mapValues<T, R>(lists: Readonly<Record<string, readonly T[]>>, change: (item: T) => R) {
  return Object.fromEntries(Object.entries(lists).map(([key, items]) => [key, items.map(change)]));
}
