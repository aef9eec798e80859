// The market data API for stocks: bars, trades and quotes, the latest of each, and snapshots; for many symbols or one.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BrokerRefusal, notFound } from './broker-refusal.ts';
import { FeedQuery, HistoryQuery } from './history-query.ts';
import { barToWire, quoteToWire, snapshotToWire, tradeToWire } from './market-wire.ts';
import type { MarketView } from './market-view.ts';
import { isoTime } from './order-wire.ts';
import { BarQuery, readBars } from './read-bars.ts';
import { readTicks } from './read-ticks.ts';

const SymbolsQuery = z.object({ symbols: z.string().min(1) });
const SymbolParams = z.object({ symbol: z.string() });

/** What "latest" can be asked of, by the plural of its path and the singular of its answer. */
const latestKinds = [
  { plural: 'bars', singular: 'bar', read: latestBar },
  { plural: 'trades', singular: 'trade', read: latestTrade },
  { plural: 'quotes', singular: 'quote', read: latestQuote },
] as const;

function latestBar(view: MarketView, symbol: string) {
  const bar = view.latestBar(symbol);
  return bar && barToWire(bar, isoTime);
}

function latestTrade(view: MarketView, symbol: string) {
  const trade = view.latestTrade(symbol);
  return trade && tradeToWire(trade, isoTime);
}

function latestQuote(view: MarketView, symbol: string) {
  return quoteToWire(view.quote(symbol), isoTime);
}

/** Adds the market data API to the server. */
export function addMarketDataRoutes(server: FastifyInstance, view: MarketView): void {
  addBarRoutes(server, view);
  addTickRoutes(server, view);
  addMetaRoutes(server);
  for (const kind of latestKinds) {
    server.get(`/v2/stocks/${kind.plural}/latest`, async ({ query }) => ({
      [kind.plural]: collect(listedSymbols(view, query), (symbol) => kind.read(view, symbol)),
      currency: 'USD',
    }));
    server.get(`/v2/stocks/:symbol/${kind.plural}/latest`, async ({ params }) => {
      const symbol = listedSymbol(view, params);
      const latest = kind.read(view, symbol);
      if (!latest) throw notFound(`no ${kind.singular} found for ${symbol}`);
      return { symbol, [kind.singular]: latest, currency: 'USD' };
    });
  }
  server.get('/v2/stocks/snapshots', async ({ query }) =>
    collect(listedSymbols(view, query), (symbol) => snapshotToWire(view, symbol)),
  );
  server.get('/v2/stocks/:symbol/snapshot', async ({ params }) => {
    const symbol = listedSymbol(view, params);
    return { symbol, ...snapshotToWire(view, symbol), currency: 'USD' };
  });
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
function addMetaRoutes(server: FastifyInstance): void {
  for (const version of ['v1', 'v1beta1']) {
    server.get(`/${version}/corporate-actions`, async () => ({
      corporate_actions: {},
      next_page_token: null,
    }));
  }
  server.get('/v2/stocks/auctions', async () => ({ auctions: {}, next_page_token: null, currency: 'USD' }));
  server.get('/v1beta1/news', async () => ({ news: [], next_page_token: null }));
  server.get('/v2/stocks/meta/conditions/trade', async () => ({ '@': 'Regular Sale' }));
  server.get('/v2/stocks/meta/conditions/quote', async () => ({ R: 'Regular Two-Sided Quote' }));
  server.get('/v2/stocks/meta/exchanges', async () => ({ V: 'Demo market' }));
}

function mapValues<T, R>(lists: Readonly<Record<string, readonly T[]>>, change: (item: T) => R) {
  return Object.fromEntries(Object.entries(lists).map(([key, items]) => [key, items.map(change)]));
}

function splitSymbols(query: unknown): string[] {
  FeedQuery.parse(query);
  return SymbolsQuery.parse(query)
    .symbols.split(',')
    .map((symbol) => symbol.trim());
}

// As Alpaca does, a list leaves out what it does not know; a single symbol that is unknown is an error.
function listedSymbols(view: MarketView, query: unknown): string[] {
  return splitSymbols(query).filter((symbol) => view.find(symbol));
}

function listedSymbol(view: MarketView, params: unknown): string {
  const { symbol } = SymbolParams.parse(params);
  if (!view.find(symbol)) throw new BrokerRefusal(400, null, `invalid symbol: ${symbol}`);
  return symbol;
}

function collect<T>(symbols: readonly string[], read: (symbol: string) => T | null): Record<string, T> {
  const found: Record<string, T> = {};
  for (const symbol of symbols) {
    const value = read(symbol);
    if (value !== null) found[symbol] = value;
  }
  return found;
}
