// An order in the words of the exchange.
import type { TimeInForce } from './account-events.ts';
import type { ExchangeOrder } from './exchange.ts';
import { stopCollar } from './order-price.ts';
import { leavesNanos, type OrderRecord } from './order-record.ts';

const lifetimes: Record<TimeInForce, NonNullable<ExchangeOrder['lifetime']>> = {
  day: 'rest',
  gtc: 'rest',
  ioc: 'immediate',
  fok: 'complete',
  opg: 'opening',
  cls: 'closing',
};

/** Writes what is left of an order. A stop buy becomes a stop-limit order that bounds its price; a stop sale does not. */
export function exchangeOrder(order: OrderRecord): ExchangeOrder {
  const { terms } = order;
  const limitTicks =
    terms.kind === 'stop' && terms.side === 'buy' && terms.stopTicks !== null
      ? stopCollar(terms.stopTicks)
      : terms.limitTicks;
  return {
    orderId: terms.id,
    symbol: terms.symbol,
    side: terms.side,
    qtyNanos: leavesNanos(order),
    lifetime: lifetimes[terms.timeInForce],
    extended: terms.extendedHours,
    ...(limitTicks === null ? { kind: 'market' } : { kind: 'limit', limitTicks }),
    ...(order.isElected ? {} : trigger(order)),
    ...(terms.group && terms.group.role !== 'entry' ? { group: terms.group.id } : {}),
  };
}

function trigger({
  terms: { trail },
  stopTicks,
  markTicks,
}: OrderRecord): Pick<ExchangeOrder, 'stopTicks' | 'trailTicks' | 'trailMillionths' | 'markTicks'> {
  if (trail && markTicks !== null) {
    return trail.unit === 'price'
      ? { trailTicks: trail.ticks, markTicks }
      : { trailMillionths: trail.millionths, markTicks };
  }
  return stopTicks === null ? {} : { stopTicks };
}
