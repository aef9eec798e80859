// Carries orders between the account and the exchange: sends them, takes in what becomes of them, ends them, and
// keeps the orders of a group in step.
import type { OrderTerms } from './account-events.ts';
import { exchangeOrder } from './exchange-order.ts';
import type { Exchange, ExchangeFill, ExchangeOrderEvent } from './exchange.ts';
import { tradesNow } from './market-phase.ts';
import { isExitActive, legsOf, openCompanions, openSiblings } from './order-groups.ts';
import { createOrderJournal, type OrderJournalDeps } from './order-journal.ts';
import { affordableNanos, notionalPrice } from './order-price.ts';
import { isOpenOrder, type OrderRecord } from './order-record.ts';
import { createPendingReplacement } from './pending-replacement.ts';

type Ending = 'canceled' | 'expired' | 'rejected';

export interface OrderFlow {
  /** Records an order and its legs, and sends it if the market is open. Returns it as accepted. */
  accept(terms: OrderTerms, legs: readonly OrderTerms[]): OrderRecord;
  /** Lets a replacement start on its way to the exchange and returns it; null where it takes no time, or the exchange does not hold the order. */
  requestReplacement(order: OrderRecord, terms: OrderTerms): OrderRecord | null;
  /** Lets an order take the place of one that is out of the exchange. */
  replace(order: OrderRecord, terms: OrderTerms): OrderRecord;
  /** Lets a cancel start on its way to the exchange; false where it takes no time, or the exchange does not hold the order. */
  requestCancel(orderId: string): boolean;
  /** Takes an order out of the exchange; false when it cannot be, for example because it has just filled. */
  withdraw(orderId: string): boolean;
  /** Ends an order that is out of the exchange, and the rest of its group. */
  end(orderId: string, status: Ending, reason: string | null): void;
  /** Takes in what happened to orders at the exchange. */
  hear(events: readonly ExchangeOrderEvent[]): void;
  /** Sends what waited for the open. */
  sendWaiting(): void;
}

export interface OrderFlowDeps extends OrderJournalDeps {
  readonly exchange: Exchange;
  readonly newId: () => string;
}

/** Creates the flow; open orders of a rebuilt account wait for `sendWaiting`. */
export function createOrderFlow(deps: OrderFlowDeps): OrderFlow {
  const { exchange, book, newId } = deps;
  const journal = createOrderJournal(deps);
  const { known, record, tell, fill: recordFill } = journal;
  const reject = (orderId: string, reason: string) => endOne(orderId, 'rejected', reason);
  const replacing = createPendingReplacement({ exchange, journal, reject });
  const isActive = (order: OrderRecord) => order.terms.group?.role === 'entry' || isExitActive(order, book);
  /** Open orders that the exchange does not hold. */
  const waiting = new Set(
    book
      .openOrders()
      .filter(isActive)
      .map((order) => order.terms.id),
  );

  const nowMs = () => exchange.clock().nowMs;
  /** Orders for an opening must be there before it. */
  const isSendable = ({ terms }: OrderRecord) =>
    terms.timeInForce === 'opg' || tradesNow(terms.extendedHours, exchange.clock());

  function endOne(orderId: string, status: Ending, reason: string | null): void {
    waiting.delete(orderId);
    tell(status, orderId, { kind: 'orderEnded', orderId, status, reason, marketMs: nowMs() });
  }

  function endWithdrawn(order: OrderRecord, status: Ending): void {
    exchange.cancel(order.terms.id);
    endOne(order.terms.id, status, null);
  }

  function end(orderId: string, status: Ending, reason: string | null): void {
    endOne(orderId, status, reason);
    replacing.abandon(known(orderId));
    for (const other of openCompanions(known(orderId), book)) {
      endWithdrawn(other, status === 'expired' ? 'expired' : 'canceled');
    }
  }

  /** A notional order learns its quantity from the price that it is about to meet. */
  function sized(order: OrderRecord): OrderRecord {
    const { id: orderId, notionalMicros } = order.terms;
    if (notionalMicros === null || order.filledNanos > 0) return order;
    const qtyNanos = affordableNanos(notionalMicros, notionalPrice(order.terms, exchange));
    if (qtyNanos === order.qtyNanos || qtyNanos === 0) return order;
    record({ kind: 'orderResized', orderId, qtyNanos, marketMs: nowMs() });
    return known(orderId);
  }

  function send(unsized: OrderRecord): void {
    // A request was on its way when the broker stopped.
    if (unsized.status === 'pending_cancel' || unsized.status === 'pending_replace') return finish(unsized);
    const order = sized(unsized);
    const { id: orderId } = order.terms;
    waiting.delete(orderId);
    const result = exchange.submit(exchangeOrder(order));
    if (!result.accepted) return end(orderId, 'rejected', result.reason ?? null);
    if (isWorkingNow(order)) tell('new', orderId, { kind: 'orderWorking', orderId, marketMs: nowMs() });
    hear(result.orders);
  }

  /** A stop-loss stays held for as long as another exit can make it needless. */
  function isWorkingNow(order: OrderRecord): boolean {
    if (order.status !== 'held') return order.status === 'accepted' || order.status === 'pending_new';
    return order.terms.group?.role === 'takeProfit' || openSiblings(order, book).length === 0;
  }

  function sendOrKeep(order: OrderRecord): void {
    if (isSendable(order)) send(order);
    else waiting.add(order.terms.id);
  }

  /** The stop first: a take-profit that fills at once then takes it out. */
  function sendLegs(parent: OrderRecord): void {
    const ids = legsOf(parent, book).map((leg) => leg.terms.id);
    for (const id of ids.reverse()) {
      const leg = known(id);
      if (isOpenOrder(leg)) sendOrKeep(leg);
    }
  }

  function fill({ orderId, qtyNanos, priceTicks, atMs: marketMs }: ExchangeFill): void {
    const wasPendingCancel = known(orderId).status === 'pending_cancel';
    const order = recordFill({
      kind: 'orderFilled',
      orderId,
      executionId: newId(),
      qtyNanos,
      priceTicks,
      marketMs,
    });
    const isFilled = order.status === 'filled';
    if (isFilled && wasPendingCancel) journal.mention('order_cancel_rejected', orderId, marketMs);
    replacing.afterFill(order, qtyNanos, marketMs);
    for (const sibling of openSiblings(order, book)) {
      if (isFilled) endWithdrawn(sibling, 'canceled');
      else shrink(sibling, qtyNanos, marketMs);
    }
    if (isFilled && order.terms.group?.role === 'entry') sendLegs(order);
  }

  function shrink({ terms, ...order }: OrderRecord, byNanos: number, marketMs: number): void {
    const qtyNanos = order.qtyNanos - byNanos;
    record({ kind: 'orderResized', orderId: terms.id, qtyNanos, marketMs });
  }

  function elect(orderId: string, marketMs: number): void {
    const event = { kind: 'orderElected', orderId, marketMs } as const;
    if (known(orderId).status === 'held') tell('new', orderId, event);
    else record(event);
    for (const sibling of openSiblings(known(orderId), book)) endWithdrawn(sibling, 'canceled');
  }

  function hear(events: readonly ExchangeOrderEvent[]): void {
    for (const { kind, orderId, atMs, fill: filled, trail } of events) {
      if (filled) fill(filled);
      else if (trail) record({ kind: 'orderTrailed', orderId, ...trail, marketMs: atMs });
      else if (kind === 'elected') elect(orderId, atMs);
      else if (kind === 'ended') finish(known(orderId));
    }
  }

  /** An order that the exchange has let go of ends, or gives its place to what waits for it. */
  function finish(order: OrderRecord): void {
    const { id: orderId } = order.terms;
    const replacement = order.status === 'pending_replace' ? replacing.complete(order) : null;
    waiting.delete(orderId);
    if (replacement) sendOrKeep(replacement);
    else end(orderId, 'canceled', null);
  }

  function accept(terms: OrderTerms, legs: readonly OrderTerms[]): OrderRecord {
    const marketMs = nowMs();
    const queued = !tradesNow(terms.extendedHours, exchange.clock());
    const event = { kind: 'orderAccepted', order: terms, queued, held: false, marketMs } as const;
    if (!queued) record(event);
    else tell('accepted', terms.id, event);
    for (const leg of legs)
      record({ kind: 'orderAccepted', order: leg, queued: false, held: true, marketMs });
    const accepted = known(terms.id);
    // An OCO order is an exit itself; its stop-loss is armed with it.
    if (terms.orderClass === 'oco') sendLegs(accepted);
    if (isOpenOrder(known(terms.id))) sendOrKeep(accepted);
    return accepted;
  }

  function replace(order: OrderRecord, terms: OrderTerms): OrderRecord {
    const marketMs = nowMs();
    const queued = !tradesNow(terms.extendedHours, exchange.clock());
    const { id: orderId } = order.terms;
    const held = order.status === 'held';
    waiting.delete(orderId);
    record({ kind: 'orderAccepted', order: terms, queued, held, marketMs });
    tell('replaced', orderId, { kind: 'orderReplaced', orderId, byId: terms.id, marketMs });
    const accepted = known(terms.id);
    if (isActive(accepted)) sendOrKeep(accepted);
    return accepted;
  }

  /** Whether a request to the exchange takes time, and concerns what it holds or is about to. */
  const takesTime = (orderId: string) =>
    exchange.cancelLater !== undefined && !waiting.has(orderId) && known(orderId).status !== 'held';

  function requestReplacement(order: OrderRecord, terms: OrderTerms): OrderRecord | null {
    if (!takesTime(order.terms.id)) return null;
    const replacement = replacing.request(order, terms);
    exchange.cancelLater?.(order.terms.id);
    return replacement;
  }

  function requestCancel(orderId: string): boolean {
    if (!takesTime(orderId)) return false;
    tell('pending_cancel', orderId, { kind: 'orderCancelRequested', orderId, marketMs: nowMs() });
    exchange.cancelLater?.(orderId);
    return true;
  }

  return {
    accept,
    requestReplacement,
    replace,
    requestCancel,
    withdraw: (orderId) =>
      waiting.has(orderId) || exchange.cancel(orderId) || known(orderId).status === 'held',
    end,
    hear,
    sendWaiting() {
      for (const orderId of [...waiting]) {
        if (waiting.has(orderId) && isSendable(known(orderId))) send(known(orderId));
      }
    },
  };
}
