// The trading API: account, orders, positions, activities, assets, clock and calendar.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NANOS_PER_SHARE } from '../../contract/money.ts';
import { activityToWire } from './activity-wire.ts';
import { accountToWire, type DemoLabel, positionToWire } from './account-wire.ts';
import { assetId } from './asset-id.ts';
import type { Broker } from './broker.ts';
import { malformed, notFound, refusalBody } from './broker-refusal.ts';
import { calendarToWire, type ListSessions, marketCalendarToWire } from './calendar.ts';
import type { Exchange } from './exchange.ts';
import { ActivityQuery, listActivities } from './list-activities.ts';
import { assetToWire, clockToWire, marketClocksToWire } from './market-wire.ts';
import { orderToWire } from './order-wire.ts';
import { addOrderRoutes } from './order-routes.ts';
import { parseQuantity } from './parse-amount.ts';
import { portfolioHistoryToWire } from './portfolio-history.ts';
import { PortfolioQuery } from './portfolio-query.ts';
import { QueryFlag } from './query-flag.ts';
import { addPreferenceRoutes, type PreferenceRouteDeps } from './preference-routes.ts';

export interface TradingRouteDeps extends PreferenceRouteDeps {
  readonly broker: Broker;
  readonly exchange: Exchange;
  readonly listSessions: ListSessions;
  /** Whether the market trades before and after its sessions. */
  readonly extendedHours: boolean;
  readonly demo: DemoLabel;
}

const SymbolParams = z.object({ symbol: z.string() });
const CalendarQuery = z.object({ start: z.string().optional(), end: z.string().optional() });
const AssetQuery = z.object({
  status: z.string().optional(),
  asset_class: z.string().optional(),
  exchange: z.string().optional(),
});

/** Adds the trading API to the server. */
export function addTradingRoutes(server: FastifyInstance, deps: TradingRouteDeps): void {
  addAccountRoutes(server, deps);
  addOrderRoutes(server, deps);
  addPositionRoutes(server, deps);
  addPreferenceRoutes(server, deps);
  addMarketRoutes(server, deps);
}

function addAccountRoutes(server: FastifyInstance, { book, broker, view, demo }: TradingRouteDeps): void {
  server.get('/v2/account', async () => accountToWire(book, view, demo, broker.pendingFeesMicros()));
  server.get('/v2/account/portfolio/history', async ({ query }) =>
    portfolioHistoryToWire(book, view, PortfolioQuery.parse(query)),
  );
  server.get('/v2/account/activities', async ({ query }) =>
    listActivities(book, ActivityQuery.parse(query)).map(activityToWire),
  );
  server.get('/v2/account/activities/:type', async ({ params, query }) => {
    const { type } = z.object({ type: z.string() }).parse(params);
    return listActivities(book, { ...ActivityQuery.parse(query), activity_types: type }).map(activityToWire);
  });
}

function addPositionRoutes(server: FastifyInstance, { broker, book, view }: TradingRouteDeps): void {
  /** Positions are named by symbol or by asset id. */
  const held = (name: string) => {
    const symbol = book.heldSymbols().find((candidate) => candidate === name || assetId(candidate) === name);
    if (!symbol) throw notFound('position does not exist');
    return symbol;
  };
  server.get('/v2/positions', async () =>
    book.heldSymbols().map((symbol) => positionToWire(book, view, symbol)),
  );
  server.get('/v2/positions/:symbol', async ({ params }) =>
    positionToWire(book, view, held(SymbolParams.parse(params).symbol)),
  );
  server.delete('/v2/positions/:symbol', async ({ params, query }) => {
    const symbol = held(SymbolParams.parse(params).symbol);
    return orderToWire(broker.closePosition(symbol, partToClose(query, book.position(symbol).qtyNanos)));
  });
  server.delete('/v2/positions', async ({ query }, reply) => {
    const { cancel_orders: cancelOrders } = z.object({ cancel_orders: QueryFlag }).parse(query);
    if (cancelOrders) broker.withdrawAll();
    const results = broker
      .closeAllPositions()
      .map((result) =>
        result.kind === 'ordered'
          ? { symbol: result.symbol, status: 200, body: orderToWire(result.order) }
          : { symbol: result.symbol, status: result.refusal.status, body: refusalBody(result.refusal) },
      );
    return reply.status(207).send(results);
  });
}

function addMarketRoutes(server: FastifyInstance, deps: TradingRouteDeps): void {
  const { exchange, view, listSessions } = deps;
  server.get('/v2/clock', async () => clockToWire(exchange.clock()));
  server.get('/v3/clock', async () => marketClocksToWire(exchange.clock(), deps));
  server.get('/v2/calendar', async ({ query }) =>
    calendarToWire(listSessions, CalendarQuery.parse(query), exchange.clock().nowMs),
  );
  server.get('/v3/calendar/:market', async ({ params, query }) => {
    const { market } = z.object({ market: z.string() }).parse(params);
    return marketCalendarToWire(market, listSessions, CalendarQuery.parse(query), exchange.clock().nowMs);
  });
  server.get('/v2/assets', async ({ query }) => {
    const asked = AssetQuery.parse(query);
    const isAsked = (asset: ReturnType<typeof assetToWire>) =>
      [undefined, asset.status].includes(asked.status) &&
      [undefined, asset.class].includes(asked.asset_class) &&
      [undefined, asset.exchange].includes(asked.exchange);
    return view.symbols().map(assetToWire).filter(isAsked);
  });
  // Nothing here pays a dividend, splits, or is written options on.
  server.get('/v2/corporate_actions/announcements', async () => []);
  server.get('/v2/options/contracts', async () => ({ option_contracts: [], next_page_token: null }));
  server.get('/v2/assets/:symbol', async ({ params }) => {
    const { symbol: name } = SymbolParams.parse(params);
    const listed = view.symbols().find(({ symbol }) => symbol === name || assetId(symbol) === name);
    if (!listed) throw notFound(`asset not found for ${name}`);
    return assetToWire(listed);
  });
}

const ClosePart = z.object({ qty: z.string().optional(), percentage: z.string().optional() });

/** Nanos to close; undefined means the whole position. */
function partToClose(query: unknown, positionNanos: number): number | undefined {
  const { qty, percentage } = ClosePart.parse(query);
  if (qty !== undefined && percentage !== undefined) throw malformed('qty and percentage are exclusive');
  if (qty !== undefined) return parseQuantity(qty);
  if (percentage === undefined) return undefined;
  const percentNanos = BigInt(parseQuantity(percentage));
  const hundred = 100n * BigInt(NANOS_PER_SHARE);
  if (percentNanos > hundred) throw malformed('percentage must be between 0 and 100');
  return Number((BigInt(Math.abs(positionNanos)) * percentNanos) / hundred);
}
