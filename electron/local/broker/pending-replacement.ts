// A replacement that is on its way to the exchange: until it arrives the old order works and can fill, and what it fills
// is taken off the new one; an old order that fills first keeps its place.
import type { OrderTerms } from './account-events.ts';
import type { Exchange } from './exchange.ts';
import type { OrderJournal } from './order-journal.ts';
import { isOpenOrder, type OrderRecord } from './order-record.ts';

export interface PendingReplacement {
  /** Lets the replacement start on its way and returns it, not sent yet. */
  request(order: OrderRecord, terms: OrderTerms): OrderRecord;
  /** Takes what an order has just filled off its replacement, or rejects that where nothing is left for it. */
  afterFill(order: OrderRecord, filledNanos: number, atMs: number): void;
  /** Lets the replacement take the place of an order that is out of the exchange; null when there is none. */
  complete(order: OrderRecord): OrderRecord | null;
  /** Rejects the replacement of an order that ended otherwise. */
  abandon(order: OrderRecord): void;
}

export interface PendingReplacementDeps {
  readonly exchange: Exchange;
  readonly journal: Pick<OrderJournal, 'known' | 'record' | 'tell'>;
  readonly reject: (orderId: string, reason: string) => void;
}

/** Creates it over the orders of one account. */
export function createPendingReplacement({
  exchange,
  journal: { known, record, tell },
  reject,
}: PendingReplacementDeps): PendingReplacement {
  const nowMs = () => exchange.clock().nowMs;

  function waitingFor({ status, replacedById }: OrderRecord): OrderRecord | null {
    if (status === 'replaced' || replacedById === null) return null;
    const replacement = known(replacedById);
    return isOpenOrder(replacement) ? replacement : null;
  }

  function refuse(order: OrderRecord, replacement: OrderRecord, marketMs: number): void {
    const { id: orderId } = order.terms;
    tell('order_replace_rejected', orderId, { kind: 'orderReplaceRejected', orderId, marketMs });
    reject(replacement.terms.id, 'the order was gone before its replacement arrived');
  }

  return {
    request({ terms: { id: orderId } }, terms) {
      const marketMs = nowMs();
      record({ kind: 'orderAccepted', order: terms, queued: false, held: false, marketMs });
      const event = { kind: 'orderReplaceRequested', orderId, byId: terms.id, marketMs } as const;
      tell('pending_replace', orderId, event);
      return known(terms.id);
    },
    afterFill(order, filledNanos, marketMs) {
      const replacement = waitingFor(order);
      if (!replacement) return;
      const { id: orderId, group } = replacement.terms;
      // The exits of a group share their quantity, and are shrunk together.
      const qtyNanos = replacement.qtyNanos - filledNanos;
      if (order.status === 'filled' || qtyNanos <= 0) refuse(order, replacement, marketMs);
      else if (!group || group.role === 'entry')
        record({ kind: 'orderResized', orderId, qtyNanos, marketMs });
    },
    complete(order) {
      const replacement = waitingFor(order);
      if (!replacement) return null;
      const { id: orderId } = order.terms;
      const { id: byId } = replacement.terms;
      tell('replaced', orderId, { kind: 'orderReplaced', orderId, byId, marketMs: nowMs() });
      return known(byId);
    },
    abandon(order) {
      const replacement = waitingFor(order);
      if (replacement) refuse(order, replacement, nowMs());
    },
  };
}
