// How the orders of a bracket, OCO or OTO belong together.
import type { AccountBook } from './account-book.ts';
import { isOpenOrder, type OrderRecord } from './order-record.ts';

/** The order that the others are legs of: the entry, or the take-profit of an OCO order. */
export function isGroupParent({ terms }: OrderRecord): boolean {
  if (!terms.group) return false;
  return terms.group.role === (terms.orderClass === 'oco' ? 'takeProfit' : 'entry');
}

/** The legs of a parent as they are now, without those that were replaced; empty for any other order. */
export function legsOf(order: OrderRecord, book: AccountBook): readonly OrderRecord[] {
  const { group } = order.terms;
  if (!group || !isGroupParent(order)) return [];
  return book.group(group.id).filter((other) => !isGroupParent(other) && other.status !== 'replaced');
}

/** Every other open order of the group. */
export function openCompanions(order: OrderRecord, book: AccountBook): readonly OrderRecord[] {
  const { group, id } = order.terms;
  if (!group) return [];
  return book.group(group.id).filter((other) => other.terms.id !== id && isOpenOrder(other));
}

/** The other exit: what one of the two trades, the other no longer does. */
export function openSiblings(order: OrderRecord, book: AccountBook): readonly OrderRecord[] {
  if (order.terms.group?.role === 'entry') return [];
  return openCompanions(order, book).filter((other) => other.terms.group?.role !== 'entry');
}

/** Tells whether an exit may trade: its entry has filled, or it needs none. */
export function isExitActive(order: OrderRecord, book: AccountBook): boolean {
  const { group, orderClass } = order.terms;
  if (!group || orderClass === 'oco') return true;
  return book
    .group(group.id)
    .some((other) => other.terms.group?.role === 'entry' && other.status === 'filled');
}
