// An order of the demo account and the states it passes through.
import type { OrderTerms } from './account-events.ts';

/** `accepted` waits for the open, `pending_new` is on its way to the exchange, `new` works there. */
export type OrderStatus =
  | 'accepted'
  | 'pending_new'
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected';

/** Immutable: each change makes a new record, so that a message sent later still shows the state it reports. */
export interface OrderRecord {
  readonly terms: OrderTerms;
  readonly status: OrderStatus;
  /** Market time, as every time here. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly endedAtMs: number | null;
  readonly filledNanos: number;
  /** Sum of price ticks x quantity nanos over the fills: exact where a float average is not. */
  readonly filledTickNanos: bigint;
}

/** Tells whether the order can still fill. */
export function isOpenOrder(order: OrderRecord): boolean {
  switch (order.status) {
    case 'accepted':
    case 'pending_new':
    case 'new':
    case 'partially_filled':
      return true;
    default:
      return false;
  }
}

/** Quantity still to be filled, nanos. */
export function leavesNanos(order: OrderRecord): number {
  return order.terms.qtyNanos - order.filledNanos;
}

/** Tells whether filling the order makes the position smaller. */
export function isClosingOrder(order: OrderRecord): boolean {
  return order.terms.intent === 'buy_to_close' || order.terms.intent === 'sell_to_close';
}
