// The demo account's broker: takes orders, passes them to the exchange while the market is open, and turns what
// the exchange reports into account events. Knows nothing of HTTP.
import type { AccountBook, Execution } from './account-book.ts';
import type { AccountEvent } from './account-events.ts';
import type { AccountStore } from './account-store.ts';
import { valueAccount } from './account-values.ts';
import { admitOrder } from './admit-order.ts';
import { BrokerRefusal, notFound, notProcessable } from './broker-refusal.ts';
import type { Exchange, ExchangeFill, ExchangeStep } from './exchange.ts';
import { isOpenOrder, leavesNanos, type OrderRecord } from './order-record.ts';
import type { OrderRequest } from './parse-order-request.ts';

export interface TradeUpdate {
  readonly event: 'accepted' | 'new' | 'fill' | 'partial_fill' | 'canceled' | 'expired' | 'rejected';
  readonly order: OrderRecord;
  /** Market time. */
  readonly atMs: number;
  readonly execution: Execution | null;
}

export type CloseResult =
  | { readonly kind: 'ordered'; readonly symbol: string; readonly order: OrderRecord }
  | { readonly kind: 'refused'; readonly symbol: string; readonly refusal: BrokerRefusal };

export interface Broker {
  /** Takes the order and returns it as accepted, before any fill. Throws a BrokerRefusal. */
  place(request: OrderRequest): OrderRecord;
  /** Ends a working order. Throws a BrokerRefusal when there is none, or none that can be canceled. */
  cancel(orderId: string): void;
  /** Ends every working order; the HTTP status of each attempt is 200 or 422. */
  cancelAll(): readonly { readonly orderId: string; readonly status: number }[];
  /** Sends a market order against the position, all of it unless `qtyNanos` says less. Throws a BrokerRefusal. */
  closePosition(symbol: string, qtyNanos?: number): OrderRecord;
  closeAllPositions(): readonly CloseResult[];
  /** Takes in what happened at the exchange. */
  absorb(step: ExchangeStep): void;
  /** Journals how far the market has run. */
  checkpoint(): void;
}

export interface BrokerDeps {
  readonly exchange: Exchange;
  readonly book: AccountBook;
  readonly store: AccountStore;
  readonly newId: () => string;
  /** Called once the update is durable. */
  readonly onTradeUpdate: (update: TradeUpdate) => void;
}

/** Creates the broker over a rebuilt account; orders that were working go to the exchange again, with what is left of them. */
export function createBroker(deps: BrokerDeps): Broker {
  const { exchange, book, store, newId, onTradeUpdate } = deps;
  /** Open orders that the exchange does not hold: they go there when the market is open. */
  const waiting = new Set(book.openOrders().map((order) => order.terms.id));
  let wasOpen = exchange.clock().isOpen;

  function find(orderId: string): OrderRecord {
    const order = book.order(orderId);
    if (!order) throw notFound(`order not found for ${orderId}`);
    return order;
  }

  function publish(update: TradeUpdate): void {
    store.afterDurable(() => onTradeUpdate(update));
  }

  function recordUpdate(event: AccountEvent, orderId: string, name: TradeUpdate['event']): void {
    store.record(event);
    publish({ event: name, order: find(orderId), atMs: event.marketMs, execution: null });
  }

  function end(orderId: string, status: 'canceled' | 'expired' | 'rejected', reason: string | null): void {
    waiting.delete(orderId);
    const { nowMs: marketMs } = exchange.clock();
    recordUpdate({ kind: 'orderEnded', orderId, status, reason, marketMs }, orderId, status);
  }

  function fill({ orderId, qtyNanos, priceTicks, atMs: marketMs }: ExchangeFill): void {
    const executionId = newId();
    store.record({ kind: 'orderFilled', orderId, executionId, qtyNanos, priceTicks, marketMs });
    const order = find(orderId);
    const execution = book.executions().at(-1) ?? null;
    const event = order.status === 'filled' ? 'fill' : 'partial_fill';
    publish({ event, order, atMs: marketMs, execution });
  }

  function send({ terms, ...order }: OrderRecord): void {
    const { id: orderId, symbol, side, kind, limitTicks } = terms;
    waiting.delete(orderId);
    const result = exchange.submit({
      orderId,
      symbol,
      side,
      kind,
      qtyNanos: leavesNanos({ terms, ...order }),
      ...(limitTicks === null ? {} : { limitTicks }),
    });
    if (!result.accepted) return end(orderId, 'rejected', result.reason ?? null);
    if (order.status === 'accepted' || order.status === 'pending_new') {
      recordUpdate({ kind: 'orderWorking', orderId, marketMs: exchange.clock().nowMs }, orderId, 'new');
    }
    result.fills.forEach(fill);
  }

  function sendWaiting(): void {
    for (const orderId of waiting) send(find(orderId));
  }

  function place(request: OrderRequest): OrderRecord {
    const terms = admitOrder(request, { book, exchange, newId });
    const { isOpen, nowMs: marketMs } = exchange.clock();
    const event: AccountEvent = { kind: 'orderAccepted', order: terms, queued: !isOpen, marketMs };
    if (isOpen) store.record(event);
    else recordUpdate(event, terms.id, 'accepted');
    const accepted = find(terms.id);
    if (isOpen) send(accepted);
    else waiting.add(terms.id);
    return accepted;
  }

  function cancel(orderId: string): void {
    const order = find(orderId);
    if (!isOpenOrder(order)) throw notProcessable(`order is already in "${order.status}" state`);
    if (!waiting.has(orderId) && !exchange.cancel(orderId)) throw notProcessable('order is not cancelable');
    end(orderId, 'canceled', null);
  }

  function tryCancel(orderId: string): { orderId: string; status: number } {
    try {
      cancel(orderId);
      return { orderId, status: 200 };
    } catch (error) {
      if (error instanceof BrokerRefusal) return { orderId, status: error.status };
      throw error;
    }
  }

  function closePosition(symbol: string, qtyNanos?: number): OrderRecord {
    const held = book.position(symbol).qtyNanos;
    if (held === 0) throw notFound(`position does not exist: ${symbol}`);
    return place({
      symbol,
      side: held > 0 ? 'sell' : 'buy',
      kind: 'market',
      timeInForce: 'day',
      qtyNanos: qtyNanos ?? Math.abs(held),
      limitTicks: null,
      clientOrderId: null,
    });
  }

  function tryClose(symbol: string): CloseResult {
    try {
      return { kind: 'ordered', symbol, order: closePosition(symbol) };
    } catch (error) {
      if (error instanceof BrokerRefusal) return { kind: 'refused', symbol, refusal: error };
      throw error;
    }
  }

  function expireDayOrders(nowMs: number): void {
    for (const { terms } of book.openOrders()) {
      if (terms.expiresAtMs === null || nowMs < terms.expiresAtMs) continue;
      if (!waiting.has(terms.id)) exchange.cancel(terms.id);
      end(terms.id, 'expired', null);
    }
  }

  function absorb(step: ExchangeStep): void {
    step.fills.forEach(fill);
    if (step.isOpen) sendWaiting();
    expireDayOrders(step.nowMs);
    if (wasOpen && !step.isOpen) {
      const { equityMicros } = valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks);
      store.record({ kind: 'sessionClosed', equityMicros, marketMs: step.nowMs });
    }
    wasOpen = step.isOpen;
  }

  if (wasOpen) sendWaiting();

  return {
    place,
    cancel,
    cancelAll: () => book.openOrders().map((order) => tryCancel(order.terms.id)),
    closePosition,
    closeAllPositions: () => book.heldSymbols().map(tryClose),
    absorb,
    checkpoint() {
      const { nowMs: marketMs } = exchange.clock();
      if (marketMs > book.marketMs()) store.record({ kind: 'marketReached', marketMs });
    },
  };
}
