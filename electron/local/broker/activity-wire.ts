// Fills and fees as Alpaca writes them in the list of account activities.
import { formatDecimal } from '../../contract/money.ts';
import type { Execution } from './account-book.ts';
import { leavesNanos } from './order-record.ts';
import { isoTime, priceText, sharesText } from './order-wire.ts';

export interface Activity {
  readonly id: string;
  readonly type: 'FILL' | 'FEE';
  readonly execution: Execution;
}

/** The activities that an execution is: its fill, and its fee where it cost one. */
export function activitiesOf(execution: Execution): readonly Activity[] {
  const fill: Activity = { id: activityId(execution), type: 'FILL', execution };
  if (execution.feeMicros === 0) return [fill];
  return [fill, { id: `${fill.id}-fee`, type: 'FEE', execution }];
}

/** The time and the execution; also the page token. */
function activityId({ atMs, id }: Execution): string {
  return `${isoTime(atMs).replace(/\D/g, '')}::${id}`;
}

/** Writes a fill or a fee. */
export function activityToWire({ id, type, execution }: Activity) {
  return type === 'FILL' ? fillToWire(id, execution) : feeToWire(id, execution);
}

function fillToWire(id: string, execution: Execution) {
  const { order } = execution;
  return {
    id,
    activity_type: 'FILL',
    type: order.status === 'filled' ? 'fill' : 'partial_fill',
    transaction_time: isoTime(execution.atMs),
    price: priceText(execution.priceTicks),
    qty: sharesText(execution.qtyNanos),
    cum_qty: sharesText(order.filledNanos),
    leaves_qty: sharesText(leavesNanos(order)),
    side: order.terms.side,
    symbol: order.terms.symbol,
    order_id: order.terms.id,
    order_status: order.status,
  };
}

function feeToWire(id: string, { atMs, feeMicros, qtyNanos, order }: Execution) {
  return {
    id,
    activity_type: 'FEE',
    date: isoTime(atMs).slice(0, 10),
    net_amount: formatDecimal(-feeMicros, 6),
    description: `SEC and TAF fees for ${sharesText(qtyNanos)} ${order.terms.symbol} sold`,
    status: 'executed',
  };
}
