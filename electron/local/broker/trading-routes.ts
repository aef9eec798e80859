// The trading API: account, orders, positions, activities, assets, clock and calendar.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NANOS_PER_SHARE } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import { accountToWire, type DemoLabel, positionToWire } from './account-wire.ts';
import { assetId } from './asset-id.ts';
import type { Broker } from './broker.ts';
import { malformed, notFound, refusalBody } from './broker-refusal.ts';
import { listCalendar } from './calendar.ts';
import type { Exchange } from './exchange.ts';
import { ActivityQuery, listActivities } from './list-activities.ts';
import { assetToWire, clockToWire, marketClocksToWire } from './market-wire.ts';
import type { MarketView } from './market-view.ts';
import { activityToWire, orderToWire } from './order-wire.ts';
import { addOrderRoutes } from './order-routes.ts';
import { parseQuantity } from './parse-amount.ts';

export interface TradingRouteDeps {
  readonly broker: Broker;
  readonly book: AccountBook;
  readonly exchange: Exchange;
  readonly view: MarketView;
  readonly demo: DemoLabel;
}

const SymbolParams = z.object({ symbol: z.string() });

/** Adds the trading API to the server. */
export function addTradingRoutes(server: FastifyInstance, deps: TradingRouteDeps): void {
  addAccountRoutes(server, deps);
  addOrderRoutes(server, deps);
  addPositionRoutes(server, deps);
  addMarketRoutes(server, deps);
}

function addAccountRoutes(server: FastifyInstance, { book, view, demo }: TradingRouteDeps): void {
  server.get('/v2/account', async () => accountToWire(book, view, demo));
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
    const { cancel_orders: cancelOrders } = z.object({ cancel_orders: z.string().optional() }).parse(query);
    if (cancelOrders === 'true') broker.cancelAll();
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

function addMarketRoutes(server: FastifyInstance, { exchange, view }: TradingRouteDeps): void {
  server.get('/v2/clock', async () => clockToWire(exchange.clock()));
  server.get('/v3/clock', async () => marketClocksToWire(exchange.clock()));
  server.get('/v2/calendar', async ({ query }) => {
    const { start, end } = z
      .object({ start: z.string().optional(), end: z.string().optional() })
      .parse(query);
    return listCalendar(start, end, exchange.clock().nowMs);
  });
  server.get('/v2/assets', async () => view.symbols().map(assetToWire));
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
