// Decides whether a changed order may take the place of an open one, and makes its terms.
import type { OrderTerms, Trail } from './account-events.ts';
import { refuseForm } from './admit-form.ts';
import { type AdmissionDeps, checkTerms } from './admit-order.ts';
import { malformed, notPermitted, notProcessable } from './broker-refusal.ts';
import { expiryOf } from './order-hours.ts';
import { trailingStop } from './order-price.ts';
import type { OrderRecord } from './order-record.ts';
import { parsePercent, parsePrice } from './parse-amount.ts';
import type { OrderPatch } from './parse-order-patch.ts';

/** Makes the terms of the replacement, or throws a BrokerRefusal. It is for what the order has not filled yet. */
export function admitReplacement(order: OrderRecord, patch: OrderPatch, deps: AdmissionDeps): OrderTerms {
  const { book, newId } = deps;
  refuseState(order);
  if (patch.clientOrderId !== null && book.orderByClientId(patch.clientOrderId)) {
    throw malformed('client_order_id must be unique');
  }
  const terms = changedTerms(order, patch, deps);
  const changed = JSON.stringify(terms) !== JSON.stringify(currentTerms(order));
  if (!changed && patch.clientOrderId === null) throw notPermitted('order parameters are not changed');
  refuseForm({ ...terms, takeProfit: null, stopLoss: null });
  const id = newId();
  const replacement = {
    ...terms,
    id,
    clientOrderId: patch.clientOrderId ?? newId(),
    replacesId: order.terms.id,
  };
  return checkTerms(replacement, { intent: null }, order, deps);
}

function refuseState(order: OrderRecord): void {
  if (!['new', 'partially_filled', 'held'].includes(order.status)) {
    throw notProcessable(`cannot replace order in ${order.status} status`);
  }
  if (order.terms.notionalMicros !== null) throw notProcessable('notional orders cannot be replaced');
  if (order.isElected) throw notProcessable('cannot replace order whose stop was triggered');
}

/** The quantity of a replacement is in total: what has filled counts towards it. */
function currentTerms({ terms, qtyNanos, filledNanos, stopTicks, markTicks }: OrderRecord): OrderTerms {
  return { ...terms, qtyNanos: qtyNanos - filledNanos, stopTicks, markTicks };
}

function changedTerms(order: OrderRecord, patch: OrderPatch, { exchange }: AdmissionDeps): OrderTerms {
  const current = currentTerms(order);
  const timeInForce = patch.timeInForce ?? current.timeInForce;
  const lives =
    timeInForce === current.timeInForce
      ? {}
      : { timeInForce, expiresAtMs: expiryOf({ ...current, timeInForce }, exchange) };
  return {
    ...current,
    ...(patch.qtyNanos === null ? {} : { qtyNanos: remaining(order, patch.qtyNanos) }),
    ...lives,
    ...changedLimit(current, patch.limitPrice),
    ...changedStop(current, patch),
  };
}

function remaining({ terms, filledNanos, qtyNanos }: OrderRecord, wantedNanos: number): number {
  if (terms.group && wantedNanos !== qtyNanos) {
    throw notProcessable(`the qty of a ${terms.orderClass} order cannot be replaced`);
  }
  if (wantedNanos <= filledNanos) throw notProcessable('qty must be greater than filled_qty');
  return wantedNanos - filledNanos;
}

function changedLimit({ kind }: OrderTerms, price: string | null): Partial<OrderTerms> {
  if (price === null) return {};
  if (kind !== 'limit' && kind !== 'stop_limit') {
    throw notProcessable(`${kind.replace('_', ' ')} orders have no limit_price`);
  }
  return { limitTicks: parsePrice('limit_price', price) };
}

function changedStop(
  { kind, side, trail, markTicks }: OrderTerms,
  { stopPrice, trail: distance }: OrderPatch,
): Partial<OrderTerms> {
  const words = kind.replace('_', ' ');
  if (stopPrice !== null) {
    if (kind !== 'stop' && kind !== 'stop_limit') throw notProcessable(`${words} orders have no stop_price`);
    return { stopTicks: parsePrice('stop_price', stopPrice) };
  }
  if (distance === null) return {};
  if (!trail || markTicks === null) throw notProcessable(`${words} orders have no trail`);
  const changed: Trail =
    trail.unit === 'price'
      ? { unit: 'price', ticks: parsePrice('trail', distance) }
      : { unit: 'percent', millionths: parsePercent('trail', distance) };
  return { trail: changed, stopTicks: trailingStop(side, changed, markTicks) };
}
