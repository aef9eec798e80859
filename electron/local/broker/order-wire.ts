// Orders, executions and trade updates as Alpaca writes them: amounts are strings, absent values are null.
import { formatDecimal } from '../../contract/money.ts';
import { assetId } from './asset-id.ts';
import type { TradeUpdate } from './order-journal.ts';
import type { OrderRecord } from './order-record.ts';
import type { OrderStatus } from './order-states.ts';
import { formatRatio } from './ratio.ts';

/** ISO 8601 in UTC. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Prints nanos as shares. */
export function sharesText(nanos: number): string {
  return formatDecimal(nanos, 9);
}

/** Prints ticks as dollars. */
export function priceText(ticks: number): string {
  return formatDecimal(ticks, 4);
}

/** An order without legs of its own, as it is written. */
type WireOrder = ReturnType<typeof writeOrder>;

/** Writes an order; `legs` are nested in it where there are any. */
export function orderToWire(order: OrderRecord, legs: readonly OrderRecord[] = []) {
  const nested: readonly WireOrder[] | null = legs.length === 0 ? null : legs.map(writeOrder);
  return { ...writeOrder(order), legs: nested };
}

function writeOrder(order: OrderRecord) {
  const { terms } = order;
  const { trail } = terms;
  return {
    id: terms.id,
    client_order_id: terms.clientOrderId,
    created_at: isoTime(order.createdAtMs),
    updated_at: isoTime(order.updatedAtMs),
    submitted_at: isoTime(order.createdAtMs),
    filled_at: endedAt(order, 'filled'),
    expired_at: endedAt(order, 'expired'),
    expires_at: terms.expiresAtMs === null ? null : isoTime(terms.expiresAtMs),
    canceled_at: endedAt(order, 'canceled'),
    failed_at: endedAt(order, 'rejected'),
    replaced_at: endedAt(order, 'replaced'),
    replaced_by: order.replacedById,
    replaces: terms.replacesId,
    asset_id: assetId(terms.symbol),
    symbol: terms.symbol,
    asset_class: 'us_equity',
    notional: terms.notionalMicros === null ? null : formatDecimal(terms.notionalMicros, 6),
    qty: terms.notionalMicros === null ? sharesText(order.qtyNanos) : null,
    filled_qty: sharesText(order.filledNanos),
    filled_avg_price: averagePrice(order),
    order_class: terms.orderClass === 'simple' ? '' : terms.orderClass,
    order_type: terms.kind,
    type: terms.kind,
    side: terms.side,
    time_in_force: terms.timeInForce,
    limit_price: terms.limitTicks === null ? null : priceText(terms.limitTicks),
    stop_price: order.stopTicks === null ? null : priceText(order.stopTicks),
    status: order.status,
    extended_hours: terms.extendedHours,
    legs: null,
    trail_percent: trail?.unit === 'percent' ? formatDecimal(trail.millionths, 4) : null,
    trail_price: trail?.unit === 'price' ? priceText(trail.ticks) : null,
    hwm: order.markTicks === null ? null : priceText(order.markTicks),
    position_intent: terms.intent,
    ratio_qty: null,
  };
}

function endedAt(order: OrderRecord, status: OrderStatus): string | null {
  return order.status === status && order.endedAtMs !== null ? isoTime(order.endedAtMs) : null;
}

function averagePrice(order: OrderRecord): string | null {
  if (order.filledNanos === 0) return null;
  return formatRatio(order.filledTickNanos, BigInt(order.filledNanos) * 10_000n, 6);
}

/** Writes the `data` of a trade_updates message. */
export function tradeUpdateToWire({ event, order, atMs, execution }: TradeUpdate) {
  return {
    event,
    timestamp: isoTime(atMs),
    order: orderToWire(order),
    ...(execution && {
      execution_id: execution.id,
      price: priceText(execution.priceTicks),
      qty: sharesText(execution.qtyNanos),
      position_qty: sharesText(execution.positionNanos),
    }),
  };
}
