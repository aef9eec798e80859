// Keeps an account from trading with itself: the table of opposite orders that Alpaca refuses.
import { notPermitted } from './broker-refusal.ts';
import type { OrderClass, OrderKind } from './account-events.ts';
import type { OrderRecord } from './order-record.ts';
import type { Side } from './exchange.ts';

export interface WashCandidate {
  readonly side: Side;
  readonly kind: OrderKind;
  readonly orderClass: OrderClass;
  readonly limitTicks: number | null;
}

/** Refuses a simple order that could meet one of these open orders for the same symbol on the other side. */
export function refuseWashTrade(order: WashCandidate, opposite: readonly OrderRecord[]): void {
  if (isExempt(order)) return;
  const blocking = opposite.find(({ terms }) => !isExempt(terms) && couldMeet(order, terms));
  if (!blocking) return;
  const hasLimit = blocking.terms.limitTicks !== null;
  throw notPermitted('potential wash trade detected. use complex orders', {
    existing_order_id: blocking.terms.id,
    reject_reason: `opposite side ${hasLimit ? 'limit' : 'market/stop'} order exists`,
  });
}

function isExempt({ kind, orderClass }: Pick<WashCandidate, 'kind' | 'orderClass'>): boolean {
  return orderClass !== 'simple' || kind === 'trailing_stop';
}

/** Without a limit on either side nothing keeps the two apart. */
function couldMeet(order: WashCandidate, other: Pick<WashCandidate, 'limitTicks'>): boolean {
  if (order.limitTicks === null || other.limitTicks === null) return true;
  return order.side === 'buy' ? order.limitTicks >= other.limitTicks : other.limitTicks >= order.limitTicks;
}
