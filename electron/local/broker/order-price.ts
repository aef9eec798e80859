// Prices that follow from an order and the market: what it is charged with, and what it tells the exchange.
import { TICKS_PER_USD } from '../../contract/money.ts';
import type { OrderTerms, Trail } from './account-events.ts';
import { notProcessable } from './broker-refusal.ts';
import type { Exchange, Side } from './exchange.ts';
import { phaseOf } from './market-phase.ts';

const CHEAP_TICKS = 50 * TICKS_PER_USD;
const CENT = TICKS_PER_USD / 100;

/** Most that a stop buy may cost: 4 % above the stop of a cheap share, 2.5 % of another. */
export function stopCollar(stopTicks: number): number {
  return Math.ceil((stopTicks * (stopTicks < CHEAP_TICKS ? 1_040 : 1_025)) / 1_000 / CENT) * CENT;
}

/** Price a share at which an opening order is charged: where no limit bounds it, a cushion stands in for one. */
export function openingCharge(
  order: Pick<OrderTerms, 'symbol' | 'side' | 'limitTicks' | 'stopTicks'>,
  exchange: Exchange,
): number {
  const { side, limitTicks, stopTicks } = order;
  if (side === 'buy' && limitTicks !== null) return limitTicks;
  if (side === 'buy' && stopTicks !== null) return stopCollar(stopTicks);
  const reference = known(order.symbol, referencePrice(order.symbol, exchange));
  if (side === 'buy') return Math.ceil((reference * (reference < CHEAP_TICKS ? 1_040 : 1_025)) / 1_000);
  return Math.max(limitTicks ?? 0, Math.ceil((reference * 1_030) / 1_000));
}

/** The ask in the session, the middle before and after it, and the last trade while nothing is quoted. */
function referencePrice(symbol: string, exchange: Exchange): number {
  const { bidTicks, askTicks, lastTicks } = exchange.quote(symbol);
  const phase = phaseOf(exchange.clock());
  if (phase === 'closed' || askTicks <= 0) return lastTicks;
  return phase === 'core' ? askTicks : Math.ceil((bidTicks + askTicks) / 2);
}

/** Without a price nobody knows what an order would cost. */
function known(symbol: string, priceTicks: number): number {
  if (priceTicks <= 0) throw notProcessable(`there is no price of ${symbol} to value the order at`);
  return priceTicks;
}

/** Price at which a notional order is turned into a quantity: its own, or that of the other side of the quote. */
export function notionalPrice(
  order: Pick<OrderTerms, 'symbol' | 'side' | 'limitTicks' | 'stopTicks'>,
  exchange: Exchange,
): number {
  const own = order.limitTicks ?? order.stopTicks;
  if (own !== null) return own;
  const { bidTicks, askTicks, lastTicks } = exchange.quote(order.symbol);
  return known(order.symbol, (order.side === 'buy' ? askTicks : bidTicks) || lastTicks);
}

/** Quantity, nanos rounded down, that an amount of dollars pays for. */
export function affordableNanos(notionalMicros: number, priceTicks: number): number {
  // A tick is 100 micros and a share 1e9 nanos.
  return Number((BigInt(notionalMicros) * 10_000_000n) / BigInt(priceTicks));
}

/** Where a trailing stop begins, as the exchange counts: a share of the price is rounded away from it. */
export function trailingStop(side: Side, trail: Trail, markTicks: number): number {
  const distance =
    trail.unit === 'price'
      ? trail.ticks
      : Number((BigInt(markTicks) * BigInt(trail.millionths) + 999_999n) / 1_000_000n);
  return side === 'buy' ? markTicks + distance : markTicks - distance;
}
