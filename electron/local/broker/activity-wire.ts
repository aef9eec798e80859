// Fills and fees as Alpaca writes them in the list of account activities.
import { formatDecimal } from '../../contract/money.ts';
import type { AccountBook, Execution, FeeCharge } from './account-book.ts';
import { leavesNanos } from './order-record.ts';
import { isoTime, priceText, sharesText } from './order-wire.ts';

export interface Activity {
  /** The time and an id; also the page token. */
  readonly id: string;
  readonly atMs: number;
  readonly of:
    | { readonly type: 'FILL'; readonly execution: Execution }
    | { readonly type: 'FEE'; readonly charge: FeeCharge };
}

/** Every activity of an account, oldest first. */
export function activitiesOf(book: Pick<AccountBook, 'executions' | 'feeCharges'>): Activity[] {
  const fills = book.executions().map((execution) => activity(execution, { type: 'FILL', execution }));
  const fees = book.feeCharges().map((charge) => activity(charge, { type: 'FEE', charge }));
  return fees.length === 0 ? fills : [...fills, ...fees].sort((one, other) => one.atMs - other.atMs);
}

function activity(
  { atMs, id }: { readonly atMs: number; readonly id: string },
  of: Activity['of'],
): Activity {
  return { id: `${isoTime(atMs).replace(/\D/g, '')}::${id}`, atMs, of };
}

/** Writes a fill or a fee. */
export function activityToWire({ id, of }: Activity) {
  return of.type === 'FILL' ? fillToWire(id, of.execution) : feeToWire(id, of.charge);
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

const feeWords = {
  REG: 'SEC fee on what was sold',
  TAF: 'FINRA trading activity fee on what was sold',
  CAT: 'Consolidated audit trail fee on what was traded',
} as const;

function feeToWire(id: string, { atMs, kind, micros }: FeeCharge) {
  const date = isoTime(atMs).slice(0, 10);
  return {
    id,
    activity_type: 'FEE',
    activity_sub_type: kind,
    date,
    created_at: isoTime(atMs),
    net_amount: formatDecimal(-micros, 6),
    currency: 'USD',
    description: `${feeWords[kind]}, ${date}`,
    status: 'executed',
  };
}
