// One order as the doors and the window show it.
import type { OrderView } from './orders.ts';
import { isFinal } from './reduce-orders.ts';
import type { Order } from './state.ts';

/** Adds to what is on record what follows from it; spans that a stepped clock has turned negative are not measured. */
export function viewOrder(order: Order): OrderView {
  const { clientOrderId, brokerOrderId, symbol, side, qtyNanos, filledNanos, averagePriceTicks } = order;
  const { state, detail, approvedAt, updatedAt, cancelAskedAt, shares, judgement } = order;
  const isWorking = !isFinal(order);
  return {
    clientOrderId,
    brokerOrderId,
    symbol,
    side,
    type: order.isForeign ? 'unknown' : 'market',
    qtyNanos,
    filledNanos,
    averagePriceTicks,
    state,
    isWorking,
    detail,
    approvedAt,
    updatedAt,
    cancelAskedAt: isWorking ? cancelAskedAt : null,
    decisionToOrderMs: span(order.decidedAt, order.acknowledgedAt),
    // Somebody else's order is on record from its first fill on, so its own way took nobody knows how long.
    orderToFillMs: order.isForeign ? null : span(approvedAt, order.firstFillAt),
    shares: [...shares],
    judgement,
  };
}

function span(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from;
}

/** Working orders first, then the newest. */
export function compareOrders(a: OrderView, b: OrderView): number {
  if (a.isWorking !== b.isWorking) return a.isWorking ? -1 : 1;
  return b.approvedAt - a.approvedAt;
}
