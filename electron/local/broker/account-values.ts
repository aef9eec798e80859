// What an account is worth at the exchange's prices, and what it may still spend. Margin is 50 % of what is held.
import { notionalMicros } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import { isClosingOrder, leavesNanos } from './order-record.ts';

export interface AccountValues {
  readonly longMicros: number;
  /** Zero or negative. */
  readonly shortMicros: number;
  readonly equityMicros: number;
  readonly initialMarginMicros: number;
  /** Held back for open orders that would add to a position. */
  readonly reservedMicros: number;
  /** Twice the equity that no position needs as margin, less the reservations; never negative. */
  readonly buyingPowerMicros: number;
}

/** Values the account; `lastTicks` gives the last price of a symbol. */
export function valueAccount(book: AccountBook, lastTicks: (symbol: string) => number): AccountValues {
  let longMicros = 0;
  let shortMicros = 0;
  for (const symbol of book.heldSymbols()) {
    const value = notionalMicros(book.position(symbol).qtyNanos, lastTicks(symbol));
    if (value > 0) longMicros += value;
    else shortMicros += value;
  }
  const grossMicros = longMicros - shortMicros;
  const equityMicros = book.cashMicros() + longMicros + shortMicros;
  const reservedMicros = book
    .openOrders()
    .reduce((sum, order) => sum + notionalMicros(leavesNanos(order), order.terms.chargeTicks), 0);
  return {
    longMicros,
    shortMicros,
    equityMicros,
    initialMarginMicros: Math.ceil(grossMicros / 2),
    reservedMicros,
    buyingPowerMicros: Math.max(Math.max(2 * equityMicros - grossMicros, 0) - reservedMicros, 0),
  };
}

/** Quantity of a position, unsigned nanos, that open closing orders have already claimed. */
export function heldNanos(book: AccountBook, symbol: string): number {
  return book
    .openOrders()
    .filter((order) => order.terms.symbol === symbol && isClosingOrder(order))
    .reduce((sum, order) => sum + leavesNanos(order), 0);
}
