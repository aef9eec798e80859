// What the account holds and has on its way, by symbol, and the most that could become of it.
import { notionalMicros } from '../../../contract/money.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { DeskState, Order } from '../../../contract/state.ts';

export interface Holding {
  /** Signed. */
  readonly positionNanos: number;
  /** Ordered and not yet filled; not negative. */
  readonly workingBuyNanos: number;
  readonly workingSellNanos: number;
}

export const flat: Holding = { positionNanos: 0, workingBuyNanos: 0, workingSellNanos: 0 };

/** Price at which a symbol is valued; null when there is none. */
export type PriceOf = (symbol: string) => number | null;

/** Orders that the broker can still fill, but for the one that is named. */
export function openOrders(state: DeskState, exceptId?: string): Order[] {
  return Object.values(state.orders).filter((order) => !isFinal(order) && order.clientOrderId !== exceptId);
}

/** Every symbol that is held or ordered; null when the account has not been read. */
export function holdings(state: DeskState, open: readonly Order[]): ReadonlyMap<string, Holding> | null {
  if (!state.account) return null;
  const bySymbol = new Map<string, Holding>();
  for (const [symbol, positionNanos] of Object.entries(state.account.positions))
    if (positionNanos !== 0) bySymbol.set(symbol, { ...flat, positionNanos });
  for (const order of open) {
    const before = bySymbol.get(order.symbol) ?? flat;
    const leftNanos = order.qtyNanos - order.filledNanos;
    bySymbol.set(
      order.symbol,
      order.side === 'buy'
        ? { ...before, workingBuyNanos: before.workingBuyNanos + leftNanos }
        : { ...before, workingSellNanos: before.workingSellNanos + leftNanos },
    );
  }
  return bySymbol;
}

export interface WorstCase {
  /** Each symbol at its largest, unsigned. */
  readonly grossMicros: number;
  /** Signed, if all that buys is filled, and if all that sells is. */
  readonly netHighMicros: number;
  readonly netLowMicros: number;
}

/** Values the symbols but the one that is named; null when one of them has no price. */
export function worstCaseOfOthers(
  held: ReadonlyMap<string, Holding>,
  exceptSymbol: string,
  priceOf: PriceOf,
): WorstCase | null {
  let [grossMicros, netHighMicros, netLowMicros] = [0, 0, 0];
  for (const [symbol, { positionNanos, workingBuyNanos, workingSellNanos }] of held) {
    if (symbol === exceptSymbol) continue;
    const priceTicks = priceOf(symbol);
    if (priceTicks === null) return null;
    const highMicros = notionalMicros(positionNanos + workingBuyNanos, priceTicks);
    const lowMicros = notionalMicros(positionNanos - workingSellNanos, priceTicks);
    grossMicros += Math.max(Math.abs(highMicros), Math.abs(lowMicros));
    netHighMicros += highMicros;
    netLowMicros += lowMicros;
  }
  return { grossMicros, netHighMicros, netLowMicros };
}

/**
 * Cost of what was ordered and is not `counted` in the broker's buying power, filled or not; null when a symbol has no
 * price. Orders that close are free.
 */
export function uncountedMicros(
  state: DeskState,
  counted: ReadonlySet<string>,
  priceOf: PriceOf,
  exceptId?: string,
): number | null {
  let costMicros = 0;
  for (const order of Object.values(state.orders)) {
    if (counted.has(order.clientOrderId) || order.clientOrderId === exceptId) continue;
    const qtyNanos = isFinal(order) ? order.filledNanos : order.qtyNanos;
    const positionNanos = state.account?.positions[order.symbol] ?? 0;
    const closes = order.side === 'buy' ? positionNanos < 0 : positionNanos > 0;
    if (qtyNanos === 0 || (closes && !isFinal(order) && order.filledNanos === 0)) continue;
    const priceTicks = priceOf(order.symbol);
    if (priceTicks === null) return null;
    costMicros += notionalMicros(qtyNanos, priceTicks);
  }
  return costMicros;
}
