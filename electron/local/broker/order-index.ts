// Every order of an account, and the ways to find one.
import { notionalMicros } from '../../contract/money.ts';
import type { OrderTerms } from './account-events.ts';
import { isOpenOrder, leavesNanos, newOrderRecord, type OrderRecord } from './order-record.ts';
import { mayFollow } from './order-states.ts';

export interface OrderIndex {
  accept(terms: OrderTerms, status: 'accepted' | 'pending_new' | 'held', atMs: number): void;
  /** Changes an order. Throws on an unknown order and on a state that may not follow the one before. */
  change(orderId: string, changes: Partial<Omit<OrderRecord, 'terms'>>): OrderRecord;
  /** Throws when there is none. */
  known(orderId: string): OrderRecord;
  find(orderId: string): OrderRecord | undefined;
  findByClientId(clientOrderId: string): OrderRecord | undefined;
  /** Every order, oldest first. */
  all(): readonly OrderRecord[];
  open(): readonly OrderRecord[];
  openOf(symbol: string): readonly OrderRecord[];
  group(groupId: string): readonly OrderRecord[];
  reservedMicros(): number;
}

/** Creates an empty index. */
export function createOrderIndex(): OrderIndex {
  const orders = new Map<string, OrderRecord>();
  const open = new Map<string, OrderRecord>();
  const openBySymbol = new Map<string, Map<string, OrderRecord>>();
  const idByClientId = new Map<string, string>();
  const groups = new Map<string, string[]>();
  const reservations = new Map<string, number>();
  let reservedMicros = 0;

  /** Of an order and its replacement on the way the larger counts. */
  function reservationBeside(order: OrderRecord): number {
    const by = order.status === 'pending_replace' && order.replacedById;
    return Math.max(reservationOf(order) - (by ? reservationOf(known(by)) : 0), 0);
  }

  function known(orderId: string): OrderRecord {
    const order = orders.get(orderId);
    if (!order) throw new Error(`The account has no order ${orderId}`);
    return order;
  }

  function put(order: OrderRecord): void {
    const { id, symbol } = order.terms;
    const reserves = reservationBeside(order);
    reservedMicros += reserves - (reservations.get(id) ?? 0);
    reservations.set(id, reserves);
    orders.set(id, order);
    const ofSymbol = openBySymbol.get(symbol) ?? new Map<string, OrderRecord>();
    openBySymbol.set(symbol, ofSymbol);
    for (const index of [open, ofSymbol]) {
      if (isOpenOrder(order)) index.set(id, order);
      else index.delete(id);
    }
  }

  return {
    accept(terms, status, atMs) {
      idByClientId.set(terms.clientOrderId, terms.id);
      if (terms.group) groups.set(terms.group.id, [...(groups.get(terms.group.id) ?? []), terms.id]);
      put(newOrderRecord(terms, status, atMs));
    },
    change(orderId, changes) {
      const before = known(orderId);
      const order = { ...before, ...changes };
      if (order.status !== before.status && !mayFollow(before.status, order.status)) {
        throw new Error(`Order ${orderId} cannot go from ${before.status} to ${order.status}`);
      }
      put(order);
      return order;
    },
    known,
    find: (orderId) => orders.get(orderId),
    findByClientId(clientOrderId) {
      const id = idByClientId.get(clientOrderId);
      return id === undefined ? undefined : orders.get(id);
    },
    all: () => [...orders.values()],
    open: () => [...open.values()],
    openOf: (symbol) => [...(openBySymbol.get(symbol)?.values() ?? [])],
    group: (groupId) => (groups.get(groupId) ?? []).map(known),
    reservedMicros: () => reservedMicros,
  };
}

function reservationOf(order: OrderRecord): number {
  if (!isOpenOrder(order) || order.terms.chargeTicks === 0) return 0;
  return notionalMicros(leavesNanos(order), order.terms.chargeTicks);
}
