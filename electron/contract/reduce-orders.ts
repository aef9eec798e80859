// The part of the state that events about orders and fills change.
import { dropOldest } from './drop-oldest.ts';
import type { EventOf } from './events.ts';
import { countFill } from './reduce-account.ts';
import { allocate } from './reduce-agents.ts';
import { count } from './reduce-totals.ts';
import type { DeskState, Order } from './state.ts';

const keptOrders = 500;
const keptFills = 500;
const keptDenied = 100;
/** Longer than reconciliation looks back for fills: those of an order that is not on record would count as new. */
const keptForMs = 180_000;

function changeOrder(
  state: DeskState,
  clientOrderId: string,
  change: (order: Order) => Partial<Order>,
): DeskState {
  const order = state.orders[clientOrderId];
  if (!order) return state;
  return { ...state, orders: { ...state.orders, [clientOrderId]: { ...order, ...change(order) } } };
}

export function approveOrder(state: DeskState, event: EventOf<'OrderApproved'>): DeskState {
  const order: Order = {
    clientOrderId: event.clientOrderId,
    brokerOrderId: null,
    symbol: event.symbol,
    side: event.side,
    qtyNanos: event.qtyNanos,
    filledNanos: 0,
    averagePriceTicks: null,
    state: 'approved',
    detail: '',
    approvedAt: event.at,
    updatedAt: event.at,
    shares: event.shares,
    decidedAt: event.decidedAt ?? null,
    acknowledgedAt: null,
    firstFillAt: null,
    cancelAskedAt: null,
    judgement: event.judgement ?? null,
    isForeign: event.isForeign ?? false,
  };
  const orders = dropOldest(
    { ...state.orders, [event.clientOrderId]: order },
    keptOrders,
    (known) => isFinal(known) && event.at - known.updatedAt > keptForMs,
  );
  return count({ ...state, orders }, { orders: 1 });
}

export function denyOrder(state: DeskState, event: EventOf<'OrderDenied'>): DeskState {
  const { at, symbol, side, qtyNanos, code, detail, agentId } = event;
  const denied = { at, symbol, side, qtyNanos, code, detail, agentId: agentId ?? null };
  return count({ ...state, denied: [...state.denied, denied].slice(-keptDenied) }, { denied: 1 });
}

/** A fill can overtake the broker's acknowledgement: what the broker has already finished is never reopened. */
function nextOrderState(order: Order, reported: Order['state']): Order['state'] {
  const overtaken = order.filledNanos > 0 && (reported === 'sent' || reported === 'unknown');
  return isFinal(order) || overtaken ? order.state : reported;
}

/** True when the broker can no longer fill the order. */
export function isFinal(order: Order): boolean {
  return (
    order.state === 'filled' ||
    order.state === 'cancelled' ||
    order.state === 'rejected' ||
    order.state === 'expired'
  );
}

export function fillOrder(state: DeskState, event: EventOf<'OrderFilled'>): DeskState {
  if (state.fills.some((fill) => fill.executionId === event.executionId)) return state;
  const filled = changeOrder(state, event.clientOrderId, (order) => {
    const filledNanos = order.filledNanos + event.qtyNanos;
    const before = (order.averagePriceTicks ?? 0) * order.filledNanos;
    return {
      filledNanos,
      averagePriceTicks: Math.round((before + event.priceTicks * event.qtyNanos) / filledNanos),
      // The broker's last fill can come after its word that the order is over.
      state: filledNanos >= order.qtyNanos ? 'filled' : isFinal(order) ? order.state : 'partially_filled',
      updatedAt: event.at,
      firstFillAt: order.firstFillAt ?? event.at,
    };
  });
  const fills = [
    ...state.fills,
    {
      executionId: event.executionId,
      clientOrderId: event.clientOrderId,
      symbol: event.symbol,
      side: event.side,
      qtyNanos: event.qtyNanos,
      priceTicks: event.priceTicks,
      at: event.at,
      marketAt: event.marketAt,
      agentIds: event.allocations.map((allocation) => allocation.agentId),
    },
  ].slice(-keptFills);
  const signed = event.side === 'buy' ? event.qtyNanos : -event.qtyNanos;
  const moved = countFill({ ...filled, fills }, event.symbol, signed, event.priceTicks);
  const soldTicks = event.side === 'sell' ? event.priceTicks : null;
  return count(allocate(moved, event.allocations, soldTicks), { fills: 1 });
}

/** Takes over what the broker says of an order. */
export function updateOrder(state: DeskState, event: EventOf<'OrderUpdated'>): DeskState {
  return changeOrder(state, event.clientOrderId, (order) => ({
    state: nextOrderState(order, event.state),
    detail: event.detail,
    updatedAt: event.at,
    brokerOrderId: event.brokerOrderId ?? order.brokerOrderId,
    acknowledgedAt: order.acknowledgedAt ?? (event.state === 'sent' ? event.at : null),
  }));
}

/** Notes that a cancel is under way; the order can still fill until the broker has ended it. */
export function askCancel(state: DeskState, event: EventOf<'OrderCancelAsked'>): DeskState {
  return changeOrder(state, event.clientOrderId, () => ({ cancelAskedAt: event.at }));
}

export function refuseCancel(state: DeskState, event: EventOf<'OrderCancelRefused'>): DeskState {
  return changeOrder(state, event.clientOrderId, () => ({ cancelAskedAt: null, detail: event.detail }));
}
