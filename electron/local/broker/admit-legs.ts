// The legs of bracket, OCO and OTO orders: what they must look like, and the terms they become.
import { TICKS_PER_USD } from '../../contract/money.ts';
import type { OrderTerms } from './account-events.ts';
import { malformed, notProcessable } from './broker-refusal.ts';
import type { Exchange } from './exchange.ts';
import type { OrderRequest } from './parse-order-request.ts';

const CENT = TICKS_PER_USD / 100;

/** Refuses legs that are missing, out of place, or on the wrong side of each other and of the price. */
export function refuseBadLegs(request: OrderRequest, exchange: Exchange): void {
  const { orderClass, takeProfit, stopLoss } = request;
  if (orderClass === 'simple') {
    if (takeProfit || stopLoss) throw notProcessable('simple orders have no take_profit and no stop_loss');
    return;
  }
  if (request.timeInForce !== 'day' && request.timeInForce !== 'gtc') {
    throw notProcessable(`${orderClass} orders must be DAY or GTC orders`);
  }
  if (request.extendedHours) throw notProcessable('complex orders are not supported in extended hours');
  if (orderClass === 'oto') {
    if ((takeProfit === null) === (stopLoss === null)) {
      throw malformed('oto orders require one of take_profit.limit_price or stop_loss.stop_price');
    }
  } else {
    if (!takeProfit) throw malformed(`${orderClass} orders require take_profit.limit_price`);
    if (!stopLoss) throw malformed(`${orderClass} orders require stop_loss.stop_price`);
  }
  if (orderClass === 'oco' && request.kind !== 'limit')
    throw notProcessable('oco orders must be limit orders');
  if (request.kind === 'trailing_stop') throw notProcessable('trailing stop orders must be simple orders');
  refuseWrongPrices(request, exchange);
}

function refuseWrongPrices(request: OrderRequest, exchange: Exchange): void {
  const { takeProfit, stopLoss, orderClass } = request;
  // An exit sells above and below what was bought, and the other way round.
  const exitSells = orderClass === 'oco' ? request.side === 'sell' : request.side === 'buy';
  const sign = exitSells ? 1 : -1;
  const words = exitSells
    ? { profit: '>=', plus: '+', loss: '<=', minus: '-' }
    : { profit: '<=', plus: '-', loss: '>=', minus: '+' };
  if (takeProfit && stopLoss && sign * (takeProfit.limitTicks - stopLoss.stopTicks) < CENT) {
    throw notProcessable(`take_profit.limit_price must be ${exitSells ? '>' : '<'} stop_loss.stop_price`);
  }
  const base =
    orderClass === 'oco'
      ? exchange.quote(request.symbol).lastTicks
      : (request.limitTicks ?? request.stopTicks ?? exchange.quote(request.symbol).lastTicks);
  if (stopLoss && sign * (base - stopLoss.stopTicks) < CENT) {
    throw notProcessable(`stop_loss.stop_price must be ${words.loss} base_price ${words.minus} 0.01`);
  }
  if (takeProfit && orderClass !== 'oco' && sign * (takeProfit.limitTicks - base) < CENT) {
    throw notProcessable(`take_profit.limit_price must be ${words.profit} base_price ${words.plus} 0.01`);
  }
}

/** Makes the terms of the legs; those of an OCO order are one, because the order itself takes the profit. */
export function legTerms(request: OrderRequest, parent: OrderTerms, newId: () => string): OrderTerms[] {
  const { group } = parent;
  if (!group) return [];
  const isExit = request.orderClass === 'oco';
  const side = isExit ? parent.side : parent.side === 'buy' ? 'sell' : 'buy';
  const leg = {
    ...parent,
    side,
    intent: side === 'sell' ? 'sell_to_close' : 'buy_to_close',
    chargeTicks: 0,
    limitTicks: null,
    stopTicks: null,
  } as const;
  const legs: OrderTerms[] = [];
  if (request.takeProfit && !isExit) {
    const id = newId();
    const { limitTicks } = request.takeProfit;
    legs.push({
      ...leg,
      id,
      clientOrderId: newId(),
      kind: 'limit',
      limitTicks,
      group: { id: group.id, role: 'takeProfit' },
    });
  }
  if (request.stopLoss) {
    const { stopTicks, limitTicks } = request.stopLoss;
    const kind = limitTicks === null ? 'stop' : 'stop_limit';
    legs.push({
      ...leg,
      id: newId(),
      clientOrderId: newId(),
      kind,
      stopTicks,
      limitTicks,
      group: { id: group.id, role: 'stopLoss' },
    });
  }
  return legs;
}
