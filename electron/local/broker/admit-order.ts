// Decides whether the account may place an order. Refusals carry the codes and, where known, the words of Alpaca.
import { formatDecimal, NANOS_PER_SHARE, notionalMicros, TICKS_PER_USD } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import type { OrderTerms, PositionIntent } from './account-events.ts';
import { heldNanos, valueAccount } from './account-values.ts';
import { malformed, notPermitted, notProcessable } from './broker-refusal.ts';
import type { Exchange } from './exchange.ts';
import { isClosingOrder, type OrderRecord } from './order-record.ts';
import type { OrderRequest } from './parse-order-request.ts';

/** Below this equity the rules of margin forbid short sales. */
const SHORT_EQUITY_MICROS = 2_000_000_000;
const CHEAP_TICKS = 50 * TICKS_PER_USD;

export interface AdmissionDeps {
  readonly book: AccountBook;
  readonly exchange: Exchange;
  readonly newId: () => string;
}

/** Turns a request into the terms of an order, or throws a BrokerRefusal. */
export function admitOrder(request: OrderRequest, deps: AdmissionDeps): OrderTerms {
  const { book, exchange, newId } = deps;
  if (request.clientOrderId !== null && book.orderByClientId(request.clientOrderId)) {
    throw malformed('client_order_id must be unique');
  }
  if (!exchange.symbols().some(({ symbol }) => symbol === request.symbol)) {
    throw notProcessable(`could not find asset "${request.symbol}"`);
  }
  const opposite = book
    .openOrders()
    .filter((order) => order.terms.symbol === request.symbol && order.terms.side !== request.side);
  refuseWashTrade(request, opposite);
  const intent = admitIntent(request, opposite, book);
  refuseFraction(request, intent);
  const opens = intent === 'buy_to_open' || intent === 'sell_to_open';
  const chargeTicks = opens ? openingCharge(request, exchange) : 0;
  if (opens) refuseBeyondBuyingPower(request, intent, chargeTicks, deps);
  const id = newId();
  const { symbol, side, kind, timeInForce, qtyNanos, limitTicks } = request;
  return {
    id,
    clientOrderId: request.clientOrderId ?? newId(),
    symbol,
    side,
    kind,
    timeInForce,
    qtyNanos,
    limitTicks,
    intent,
    chargeTicks,
    expiresAtMs: timeInForce === 'day' ? exchange.clock().nextCloseMs : null,
  };
}

function refuseWashTrade(request: OrderRequest, opposite: readonly OrderRecord[]): void {
  const blocking = opposite.find(({ terms }) => {
    if (request.limitTicks === null || terms.limitTicks === null) return true;
    return request.side === 'buy'
      ? request.limitTicks >= terms.limitTicks
      : terms.limitTicks >= request.limitTicks;
  });
  if (!blocking) return;
  const kind = blocking.terms.kind;
  throw notPermitted('potential wash trade detected. use complex orders', {
    existing_order_id: blocking.terms.id,
    reject_reason: `opposite side ${kind} order exists`,
  });
}

// An order either opens or closes: one that would turn a position around must be sent as two.
function admitIntent(
  request: OrderRequest,
  opposite: readonly OrderRecord[],
  book: AccountBook,
): PositionIntent {
  const { symbol, side, qtyNanos } = request;
  const position = book.position(symbol).qtyNanos;
  const closes = side === 'buy' ? position < 0 : position > 0;
  if (closes) {
    const held = heldNanos(book, symbol);
    const available = Math.abs(position) - held;
    if (qtyNanos > available) throw insufficientQuantity(request, Math.abs(position), held, book);
    return side === 'buy' ? 'buy_to_close' : 'sell_to_close';
  }
  if (opposite.some((order) => !isClosingOrder(order))) {
    throw notPermitted(
      side === 'buy'
        ? 'cannot open a long buy while a short sell order is open'
        : 'cannot open a short sell while a long buy order is open',
    );
  }
  return side === 'buy' ? 'buy_to_open' : 'sell_to_open';
}

function insufficientQuantity(request: OrderRequest, existing: number, held: number, book: AccountBook) {
  const shares = (nanos: number) => formatDecimal(nanos, 9);
  const related = book
    .openOrders()
    .filter((order) => order.terms.symbol === request.symbol && isClosingOrder(order));
  const available = shares(existing - held);
  return notPermitted(
    `insufficient qty available for order (requested: ${shares(request.qtyNanos)}, available: ${available})`,
    {
      available,
      existing_qty: shares(existing),
      held_for_orders: shares(held),
      related_orders: related.map((order) => order.terms.id),
      symbol: request.symbol,
    },
  );
}

function refuseFraction(request: OrderRequest, intent: PositionIntent): void {
  if (request.qtyNanos % NANOS_PER_SHARE === 0) return;
  if (request.timeInForce !== 'day') throw notProcessable('fractional orders must be DAY orders');
  if (intent === 'sell_to_open') throw notProcessable('fractional orders cannot be sold short');
}

/** Price a share at which an opening order is charged: a market order has no limit, so a cushion stands in for it. */
function openingCharge(request: OrderRequest, exchange: Exchange): number {
  if (request.side === 'buy' && request.limitTicks !== null) return request.limitTicks;
  const { askTicks, lastTicks } = exchange.quote(request.symbol);
  const reference = exchange.clock().isOpen && askTicks > 0 ? askTicks : lastTicks;
  if (request.side === 'buy')
    return Math.ceil((reference * (reference < CHEAP_TICKS ? 1_040 : 1_025)) / 1_000);
  return Math.max(request.limitTicks ?? 0, Math.ceil((reference * 1_030) / 1_000));
}

function refuseBeyondBuyingPower(
  request: OrderRequest,
  intent: PositionIntent,
  chargeTicks: number,
  { book, exchange }: AdmissionDeps,
): void {
  const values = valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks);
  if (intent === 'sell_to_open' && values.equityMicros < SHORT_EQUITY_MICROS) {
    throw notPermitted('account is not allowed to short');
  }
  const costMicros = notionalMicros(request.qtyNanos, chargeTicks);
  if (costMicros <= values.buyingPowerMicros) return;
  throw notPermitted('insufficient buying power', {
    buying_power: formatDecimal(values.buyingPowerMicros, 6),
    cost_basis: formatDecimal(costMicros, 6),
  });
}
