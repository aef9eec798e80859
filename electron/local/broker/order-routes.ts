// The order endpoints of the trading API.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AccountBook } from './account-book.ts';
import type { Broker } from './broker.ts';
import { notFound } from './broker-refusal.ts';
import { listOrders, OrderQuery } from './list-orders.ts';
import { legsOf } from './order-groups.ts';
import type { OrderRecord } from './order-record.ts';
import { orderToWire } from './order-wire.ts';
import { parseOrderPatch } from './parse-order-patch.ts';
import { parseOrderRequest } from './parse-order-request.ts';
import { QueryFlag } from './query-flag.ts';

const OrderParams = z.object({ orderId: z.string() });
const Nested = z.object({ nested: QueryFlag });

/** Adds the endpoints to the server. */
export function addOrderRoutes(
  server: FastifyInstance,
  { broker, book }: { readonly broker: Broker; readonly book: AccountBook },
): void {
  const withLegs = (order: OrderRecord) => orderToWire(order, legsOf(order, book));
  const asAsked = (order: OrderRecord | undefined, name: string, nested: boolean) => {
    if (!order) throw notFound(`order not found for ${name}`);
    return nested ? withLegs(order) : orderToWire(order);
  };

  server.post('/v2/orders', async ({ body }) => withLegs(broker.place(parseOrderRequest(body))));
  server.get('/v2/orders', async ({ query }) => {
    const asked = OrderQuery.parse(query);
    return listOrders(book, asked).map(asked.nested ? withLegs : (order) => orderToWire(order));
  });
  server.get('/v2/orders::by_client_order_id', async ({ query }) => {
    const { client_order_id: id } = z.object({ client_order_id: z.string() }).parse(query);
    return asAsked(book.orderByClientId(id), id, Nested.parse(query).nested);
  });
  server.get('/v2/orders/:orderId', async ({ params, query }) => {
    const { orderId } = OrderParams.parse(params);
    return asAsked(book.order(orderId), orderId, Nested.parse(query).nested);
  });
  server.patch('/v2/orders/:orderId', async ({ params, body }) =>
    orderToWire(broker.replace(OrderParams.parse(params).orderId, parseOrderPatch(body))),
  );
  server.delete('/v2/orders/:orderId', async ({ params }, reply) => {
    broker.cancel(OrderParams.parse(params).orderId);
    return reply.status(204).send();
  });
  server.delete('/v2/orders', async (_request, reply) => {
    const attempts = broker.cancelAll();
    return reply.status(207).send(attempts.map(({ orderId, status }) => ({ id: orderId, status })));
  });
}
