// The orders as rows: the replica's, and older ones that the journal gave back. An order that has not changed keeps its row.
import type { OrderView } from '../../electron/contract/orders.ts';
import type { DeskState, Order } from '../../electron/contract/state.ts';
import { compareOrders, viewOrder } from '../../electron/contract/view-order.ts';
import { count, quantity, unknown } from '../format.ts';

const views = new WeakMap<Order, OrderView>();

function viewOnce(order: Order): OrderView {
  const known = views.get(order);
  if (known) return known;
  const view = viewOrder(order);
  views.set(order, view);
  return view;
}

/** Working orders first, then the newest. */
export function orderRows(orders: DeskState['orders'], older: readonly OrderView[]): OrderView[] {
  // Of orders of the same millisecond the later one comes first: the sort keeps what is equal in place.
  const recent = Object.values(orders).map(viewOnce).reverse();
  const rest = older.filter((order) => !(order.clientOrderId in orders));
  return [...recent, ...rest].sort(compareOrders);
}

export const orderFilters = ['all', 'working', 'filled', 'cancelled', 'rejected'] as const;
export type OrderFilter = (typeof orderFilters)[number];

/** Where an order belongs; one that expired counts as cancelled. */
function filterOf({ isWorking, state }: OrderView): Exclude<OrderFilter, 'all'> {
  if (isWorking) return 'working';
  return state === 'filled' || state === 'rejected' ? state : 'cancelled';
}

/** "cancel asked" while one is under way, otherwise the state. */
export function stateWords({ state, cancelAskedAt }: OrderView): string {
  return cancelAskedAt === null ? state.replace('_', ' ') : 'cancel asked';
}

/** True where the state alone does not say why: an order that ended as orders end needs no reason. */
export function hasReason({ isWorking, state, detail }: OrderView): boolean {
  return detail !== '' && (isWorking || state === 'rejected');
}

/** "momentum-01 6, momentum-02 4". */
export function shareWords({ shares }: Pick<OrderView, 'shares'>): string {
  return shares.map(({ agentId, qtyNanos }) => `${agentId} ${quantity(qtyNanos)}`).join(', ');
}

/** "momentum-01" where the whole order is its own, "momentum-01 +4" where four others have a share. */
export function holderWords({ shares }: Pick<OrderView, 'shares'>): string {
  const [first, ...others] = shares;
  if (!first) return unknown;
  return others.length === 0 ? first.agentId : `${first.agentId} +${count(others.length)}`;
}

const shownIdChars = 12;

/** The end of an id, in which the orders of one run differ: "…demo-10". */
export function idTail(clientOrderId: string): string {
  return clientOrderId.length <= shownIdChars ? clientOrderId : `…${clientOrderId.slice(1 - shownIdChars)}`;
}

/** Keeps the orders of one kind whose words contain every word of the text. */
export function filterOrders(
  rows: readonly OrderView[],
  filter: OrderFilter,
  text: string,
): readonly OrderView[] {
  const words = wordsOf(text);
  return rows.filter((row) => {
    if (filter !== 'all' && filterOf(row) !== filter) return false;
    return words.length === 0 || hasWords(orderText(row), words);
  });
}

function orderText(row: OrderView): string {
  return `${row.symbol} ${row.side} ${stateWords(row)} ${row.detail} ${shareWords(row)} ${row.clientOrderId}`;
}

/** The words of a filter, lower case. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** True when the text contains every word. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** How many orders there are of each kind. */
export function countOrders(rows: readonly OrderView[]): Readonly<Record<OrderFilter, number>> {
  const counts = { all: rows.length, working: 0, filled: 0, cancelled: 0, rejected: 0 };
  for (const row of rows) counts[filterOf(row)] += 1;
  return counts;
}
