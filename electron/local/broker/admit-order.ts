// Decides whether the account may place an order. Refusals carry the codes and, where known, the words of Alpaca.
import { formatDecimal, NANOS_PER_SHARE, notionalMicros } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import type { OrderTerms, PositionIntent } from './account-events.ts';
import { heldNanos, MARGIN_EQUITY_MICROS, valueAccount } from './account-values.ts';
import { legTerms, refuseBadLegs } from './admit-legs.ts';
import { refuseForm } from './admit-form.ts';
import { malformed, notPermitted, notProcessable } from './broker-refusal.ts';
import type { Exchange } from './exchange.ts';
import { expiryOf, refuseWrongHour } from './order-hours.ts';
import { affordableNanos, notionalPrice, openingCharge, trailingStop } from './order-price.ts';
import { isClosingOrder, leavesNanos, type OrderRecord } from './order-record.ts';
import type { OrderRequest } from './parse-order-request.ts';
import { refuseWashTrade } from './wash-trade.ts';

export interface AdmissionDeps {
  readonly book: AccountBook;
  readonly exchange: Exchange;
  readonly newId: () => string;
  /** The symbol of what is named by symbol or asset id. */
  readonly findListed: (name: string) => string | undefined;
}

export interface Admission {
  readonly terms: OrderTerms;
  /** Of a bracket, OCO or OTO order. */
  readonly legs: readonly OrderTerms[];
}

/** Turns a request into the terms of an order and its legs, or throws a BrokerRefusal. */
export function admitOrder(asked: OrderRequest, deps: AdmissionDeps): Admission {
  const { book, exchange, newId } = deps;
  refuseByConfiguration(asked, book);
  if (asked.clientOrderId !== null && book.orderByClientId(asked.clientOrderId)) {
    throw malformed('client_order_id must be unique');
  }
  const symbol = deps.findListed(asked.symbol);
  if (symbol === undefined) throw notProcessable(`could not find asset "${asked.symbol}"`);
  const request = { ...asked, symbol };
  refuseForm(request);
  refuseWrongHour(request, exchange);
  refuseBadLegs(request, exchange);
  const terms = completeTerms(request, deps);
  return { terms: checkTerms(terms, request, null, deps), legs: legTerms(request, terms, newId) };
}

function refuseByConfiguration({ qtyNanos }: OrderRequest, book: AccountBook): void {
  const configuration = book.configuration();
  if (configuration.suspend_trade) throw notPermitted('new orders are rejected by user request');
  if (!configuration.fractional_trading && (qtyNanos === null || qtyNanos % NANOS_PER_SHARE !== 0)) {
    throw notPermitted('account is not configured for fractional trading');
  }
}

function completeTerms(request: OrderRequest, { exchange, newId }: AdmissionDeps): OrderTerms {
  const { symbol, side, kind, timeInForce, notionalMicros: notional, limitTicks } = request;
  const { trail, extendedHours, orderClass } = request;
  const id = newId();
  const markTicks = trail ? exchange.quote(symbol).lastTicks : null;
  const role = orderClass === 'oco' ? 'takeProfit' : 'entry';
  return {
    id,
    clientOrderId: request.clientOrderId ?? newId(),
    symbol,
    side,
    kind,
    timeInForce,
    qtyNanos: request.qtyNanos ?? affordableNanos(notional ?? 0, notionalPrice(request, exchange)),
    notionalMicros: notional,
    limitTicks,
    stopTicks: trail && markTicks ? trailingStop(side, trail, markTicks) : request.stopTicks,
    trail,
    markTicks,
    extendedHours,
    orderClass,
    group: orderClass === 'simple' ? null : { id, role },
    replacesId: null,
    intent: side === 'buy' ? 'buy_to_open' : 'sell_to_open',
    chargeTicks: 0,
    expiresAtMs: expiryOf(request, exchange),
  };
}

/**
 * Checks terms against the account and gives them their intent and charge; `replaced` is the open order whose place
 * they take. Throws a BrokerRefusal.
 */
export function checkTerms(
  terms: OrderTerms,
  request: Pick<OrderRequest, 'intent'>,
  replaced: OrderRecord | null,
  deps: AdmissionDeps,
): OrderTerms {
  const { book, exchange } = deps;
  if (terms.qtyNanos <= 0) throw notPermitted('cost basis must be >= minimal amount of order 1');
  const opposite = book
    .openOrdersOf(terms.symbol)
    .filter((order) => order.terms.side !== terms.side && order !== replaced);
  refuseWashTrade(terms, opposite);
  const isLeg = terms.group !== null && terms.group.role !== 'entry' && terms.group.id !== terms.id;
  if (isLeg) return terms;
  const intent = admitIntent(terms, opposite, replaced, book);
  if (request.intent !== null && request.intent !== intent) {
    throw notProcessable(`position intent mismatch, inferred: ${intent}, specified: ${request.intent}`);
  }
  const opens = intent === 'buy_to_open' || intent === 'sell_to_open';
  if (opens && terms.orderClass === 'oco') throw notProcessable('oco orders must be exit orders');
  if (!opens && (terms.orderClass === 'bracket' || terms.orderClass === 'oto')) {
    throw notProcessable(`${terms.orderClass} orders must be entry orders`);
  }
  const chargeTicks = opens ? openingCharge(terms, exchange) : 0;
  if (intent === 'sell_to_open') refuseShort(terms, deps);
  if (opens) refuseBeyondBuyingPower(terms, chargeTicks, replaced, deps);
  return { ...terms, intent, chargeTicks };
}

// An order either opens or closes: one that would turn a position around must be sent as two.
function admitIntent(
  terms: OrderTerms,
  opposite: readonly OrderRecord[],
  replaced: OrderRecord | null,
  book: AccountBook,
): PositionIntent {
  const { symbol, side, qtyNanos } = terms;
  const position = book.position(symbol).qtyNanos;
  const closes = side === 'buy' ? position < 0 : position > 0;
  if (closes) {
    const given = replaced && isClosingOrder(replaced) ? leavesNanos(replaced) : 0;
    const held = heldNanos(book, symbol) - given;
    if (qtyNanos > Math.abs(position) - held)
      throw insufficientQuantity(terms, Math.abs(position), held, book);
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

function insufficientQuantity(terms: OrderTerms, existing: number, held: number, book: AccountBook) {
  const shares = (nanos: number) => formatDecimal(nanos, 9);
  const related = book.openOrdersOf(terms.symbol).filter(isClosingOrder);
  const available = shares(existing - held);
  return notPermitted(
    `insufficient qty available for order (requested: ${shares(terms.qtyNanos)}, available: ${available})`,
    {
      available,
      existing_qty: shares(existing),
      held_for_orders: shares(held),
      related_orders: related.map((order) => order.terms.id),
      symbol: terms.symbol,
    },
  );
}

function refuseShort(terms: OrderTerms, { book, exchange }: AdmissionDeps): void {
  if (terms.notionalMicros !== null || terms.qtyNanos % NANOS_PER_SHARE !== 0) {
    throw notProcessable('fractional orders cannot be sold short');
  }
  const { equityMicros } = valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks);
  if (equityMicros < MARGIN_EQUITY_MICROS || book.configuration().no_shorting) {
    throw notPermitted('account is not allowed to short');
  }
}

function refuseBeyondBuyingPower(
  terms: OrderTerms,
  chargeTicks: number,
  replaced: OrderRecord | null,
  { book, exchange }: AdmissionDeps,
): void {
  const values = valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks);
  const given = replaced ? notionalMicros(leavesNanos(replaced), replaced.terms.chargeTicks) : 0;
  const available = values.buyingPowerMicros + given;
  // A notional order buys no more than it says, whatever the price.
  const costMicros = terms.notionalMicros ?? notionalMicros(terms.qtyNanos, chargeTicks);
  if (costMicros <= available) return;
  throw notPermitted('insufficient buying power', {
    buying_power: formatDecimal(available, 6),
    cost_basis: formatDecimal(costMicros, 6),
  });
}
