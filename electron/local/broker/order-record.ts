// An order of the demo account: what was ordered and what has become of it.
import type { OrderTerms } from './account-events.ts';
import { isOpenState, type OrderStatus } from './order-states.ts';

/** Immutable: each change makes a new record, so that a message sent later still shows the state it reports. */
export interface OrderRecord {
  readonly terms: OrderTerms;
  readonly status: OrderStatus;
  /** Ordered; differs from the terms once the price of a notional order is known or another leg has filled in part. */
  readonly qtyNanos: number;
  /** Market time, as every time here. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly endedAtMs: number | null;
  readonly filledNanos: number;
  /** Sum of price ticks x quantity nanos over the fills: exact where a float average is not. */
  readonly filledTickNanos: bigint;
  /** Where the stop is; that of a trailing stop moves. */
  readonly stopTicks: number | null;
  /** The best price that a trailing stop has seen. */
  readonly markTicks: number | null;
  /** Whether its stop was set off. */
  readonly isElected: boolean;
  /** The order that took its place. */
  readonly replacedById: string | null;
}

/** Makes the record of an order that was just accepted. */
export function newOrderRecord(
  terms: OrderTerms,
  status: 'accepted' | 'pending_new' | 'held',
  atMs: number,
): OrderRecord {
  return {
    terms,
    status,
    qtyNanos: terms.qtyNanos,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    endedAtMs: null,
    filledNanos: 0,
    filledTickNanos: 0n,
    stopTicks: terms.stopTicks,
    markTicks: terms.markTicks,
    isElected: false,
    replacedById: null,
  };
}

/** Tells whether the order can still fill. */
export function isOpenOrder(order: OrderRecord): boolean {
  return isOpenState(order.status);
}

/** Quantity still to be filled, nanos. */
export function leavesNanos(order: OrderRecord): number {
  return order.qtyNanos - order.filledNanos;
}

/** Tells whether filling the order makes the position smaller. */
export function isClosingOrder(order: OrderRecord): boolean {
  return order.terms.intent === 'buy_to_close' || order.terms.intent === 'sell_to_close';
}
