// The demo account's broker: takes orders, passes them to the exchange while the market is open, and turns what
// the exchange reports into account events. Knows nothing of HTTP.
import { valueAccount } from './account-values.ts';
import { admitOrder } from './admit-order.ts';
import { admitReplacement } from './admit-replacement.ts';
import { assetId } from './asset-id.ts';
import { BrokerRefusal, notFound, notProcessable } from './broker-refusal.ts';
import type { Exchange, ExchangeStep } from './exchange.ts';
import { createOrderFlow, type OrderFlowDeps } from './order-flow.ts';
import { isOpenOrder, type OrderRecord } from './order-record.ts';
import { isOpenState } from './order-states.ts';
import type { OrderPatch } from './parse-order-patch.ts';
import type { FeesOf } from './regulatory-fees.ts';
import { marketOrder, type OrderRequest } from './parse-order-request.ts';

export type CloseResult =
  | { readonly kind: 'ordered'; readonly symbol: string; readonly order: OrderRecord }
  | { readonly kind: 'refused'; readonly symbol: string; readonly refusal: BrokerRefusal };

export interface Broker {
  /** Takes the order and returns it as accepted, before any fill. Throws a BrokerRefusal. */
  place(request: OrderRequest): OrderRecord;
  /** Puts a changed order in the place of a working one and returns it. Throws a BrokerRefusal. */
  replace(orderId: string, patch: OrderPatch): OrderRecord;
  /** Ends a working order, now or when the cancel arrives. Throws a BrokerRefusal when there is none, or none that can be canceled. */
  cancel(orderId: string): void;
  /** Ends every working order; the HTTP status of each attempt is 200 or 422. */
  cancelAll(): readonly { readonly orderId: string; readonly status: number }[];
  /** Takes every order out at once, so that what they held can be closed. */
  withdrawAll(): void;
  /** Sends a market order against the position, all of it unless `qtyNanos` says less. Throws a BrokerRefusal. */
  closePosition(symbol: string, qtyNanos?: number): OrderRecord;
  closeAllPositions(): readonly CloseResult[];
  /** Takes in what happened at the exchange. */
  absorb(step: ExchangeStep): void;
  /** Fees that the next close will charge. */
  pendingFeesMicros(): number;
  /** Journals how far the market has run. */
  checkpoint(): void;
}

export interface BrokerDeps extends OrderFlowDeps {
  /** What a day's executions cost beside their prices. */
  readonly feesOf: FeesOf;
}

/** Creates the broker over a rebuilt account; orders that were working go to the exchange again, with what is left of them. */
export function createBroker(deps: BrokerDeps): Broker {
  const { exchange, book, store } = deps;
  const admission = { ...deps, findListed: listedFinder(exchange) };
  const flow = createOrderFlow(deps);
  let wasOpen = exchange.clock().isOpen;

  function find(orderId: string): OrderRecord {
    const order = book.order(orderId);
    if (!order) throw notFound(`order not found for ${orderId}`);
    return order;
  }

  function place(request: OrderRequest): OrderRecord {
    const { terms, legs } = admitOrder(request, admission);
    return flow.accept(terms, legs);
  }

  function replace(orderId: string, patch: OrderPatch): OrderRecord {
    const order = find(orderId);
    const terms = admitReplacement(order, patch, admission);
    const pending = flow.requestReplacement(order, terms);
    if (pending) return pending;
    if (!flow.withdraw(orderId)) throw notProcessable('order is not replaceable');
    return flow.replace(order, terms);
  }

  function cancel(orderId: string): void {
    const order = find(orderId);
    if (!isOpenOrder(order) || order.status === 'pending_cancel' || order.status === 'pending_replace') {
      throw notProcessable(`order is already in "${order.status}" state`);
    }
    if (flow.requestCancel(orderId)) return;
    if (!flow.withdraw(orderId)) throw notProcessable('order is not cancelable');
    flow.end(orderId, 'canceled', null);
  }

  function tryCancel(orderId: string): { orderId: string; status: number } {
    try {
      // The end of one order may have ended others of its group.
      const { status } = find(orderId);
      if (isOpenState(status) && status !== 'pending_cancel') cancel(orderId);
      return { orderId, status: 200 };
    } catch (error) {
      if (error instanceof BrokerRefusal) return { orderId, status: error.status };
      throw error;
    }
  }

  function withdrawAll(): void {
    for (const { terms } of book.openOrders()) {
      if (isOpenOrder(find(terms.id)) && flow.withdraw(terms.id)) flow.end(terms.id, 'canceled', null);
    }
  }

  function closePosition(symbol: string, qtyNanos?: number): OrderRecord {
    const held = book.position(symbol).qtyNanos;
    if (held === 0) throw notFound(`position does not exist: ${symbol}`);
    return place(marketOrder(symbol, held > 0 ? 'sell' : 'buy', qtyNanos ?? Math.abs(held)));
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
      const { expiresAtMs, id } = terms;
      if (expiresAtMs === null || nowMs < expiresAtMs || !isOpenOrder(find(id))) continue;
      flow.withdraw(id);
      flow.end(id, terms.timeInForce === 'gtc' ? 'canceled' : 'expired', null);
    }
  }

  function absorb(step: ExchangeStep): void {
    flow.hear(step.orders);
    flow.sendWaiting();
    expireDayOrders(step.nowMs);
    if (wasOpen && !step.isOpen) closeSession(step.nowMs);
    wasOpen = step.isOpen;
  }

  function closeSession(marketMs: number): void {
    const charges = deps.feesOf(book.unchargedExecutions()).map((fee) => ({ id: deps.newId(), ...fee }));
    if (charges.length > 0) store.record({ kind: 'feesCharged', charges, marketMs });
    const values = valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks);
    const { equityMicros, maintenanceMarginMicros: maintenanceMicros } = values;
    store.record({ kind: 'sessionClosed', equityMicros, maintenanceMicros, marketMs });
  }

  flow.sendWaiting();

  return {
    place,
    replace,
    cancel,
    withdrawAll,
    cancelAll: () => book.openOrders().map((order) => tryCancel(order.terms.id)),
    closePosition,
    closeAllPositions: () => book.heldSymbols().map(tryClose),
    absorb,
    pendingFeesMicros: () =>
      deps.feesOf(book.unchargedExecutions()).reduce((sum, { micros }) => sum + micros, 0),
    checkpoint() {
      const { nowMs: marketMs } = exchange.clock();
      if (marketMs > book.marketMs()) store.record({ kind: 'marketReached', marketMs });
    },
  };
}

/** What is listed never changes, so it is looked up once. */
function listedFinder(exchange: Exchange): (name: string) => string | undefined {
  const names = exchange
    .symbols()
    .flatMap(({ symbol }) => [[symbol, symbol] as const, [assetId(symbol), symbol] as const]);
  const byName = new Map<string, string>(names);
  return (name) => byName.get(name);
}
