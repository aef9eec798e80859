// Answers GET /v2/orders: which orders, in which direction, and how many.
import { z } from 'zod';
import type { AccountBook } from './account-book.ts';
import { isGroupParent } from './order-groups.ts';
import { QueryFlag } from './query-flag.ts';
import { isOpenOrder, type OrderRecord } from './order-record.ts';

const Time = z.string().transform((text, context) => {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) context.addIssue(`${text} is not a time`);
  return atMs;
});

export const OrderQuery = z.object({
  status: z.enum(['open', 'closed', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** Both exclusive, on the time of submission. */
  after: Time.optional(),
  until: Time.optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
  symbols: z.string().optional(),
  side: z.enum(['buy', 'sell']).optional(),
  asset_class: z.string().optional(),
  /** Legs are listed within their parents instead of on their own. */
  nested: QueryFlag,
  /** Both exclusive, in the order of submission. */
  before_order_id: z.string().optional(),
  after_order_id: z.string().optional(),
});
export type OrderQuery = z.infer<typeof OrderQuery>;

/** Lists the orders that match, newest first unless asked otherwise. */
export function listOrders(book: AccountBook, query: OrderQuery): readonly OrderRecord[] {
  const symbols = query.symbols ? new Set(query.symbols.split(',')) : null;
  if (query.asset_class && !query.asset_class.split(',').includes('us_equity')) return [];
  const candidates = query.status === 'open' ? book.openOrders() : book.orders();
  const matching = between(candidates, query.after_order_id, query.before_order_id).filter(
    (order) =>
      (query.status !== 'closed' || !isOpenOrder(order)) &&
      (query.after === undefined || order.createdAtMs > query.after) &&
      (query.until === undefined || order.createdAtMs < query.until) &&
      (symbols === null || symbols.has(order.terms.symbol)) &&
      (query.side === undefined || order.terms.side === query.side) &&
      !(query.nested && isLeg(order)),
  );
  if (query.direction === 'desc') matching.reverse();
  return matching.slice(0, query.limit);
}

function between(
  orders: readonly OrderRecord[],
  afterId: string | undefined,
  beforeId: string | undefined,
): OrderRecord[] {
  const at = (id: string) => orders.findIndex((order) => order.terms.id === id);
  const end = beforeId === undefined ? orders.length : Math.max(at(beforeId), 0);
  return orders.slice(afterId === undefined ? 0 : at(afterId) + 1, end);
}

function isLeg(order: OrderRecord): boolean {
  return order.terms.group !== null && !isGroupParent(order);
}
