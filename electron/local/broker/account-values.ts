// What an account is worth at the exchange's prices, and what it may still spend. Margin is 50 % of what is held, or all of it in a small account.
import { notionalMicros } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import { isClosingOrder, leavesNanos } from './order-record.ts';

/** Below this equity there is no margin, and nothing may be sold short. */
export const MARGIN_EQUITY_MICROS = 2_000_000_000;

export interface AccountValues {
  readonly longMicros: number;
  /** Zero or negative. */
  readonly shortMicros: number;
  readonly equityMicros: number;
  /** 2 on margin, 1 for an account that is too small for it or wants none. */
  readonly multiplier: 1 | 2;
  readonly initialMarginMicros: number;
  /** 30 % of what is held. */
  readonly maintenanceMarginMicros: number;
  /** Held back for open orders that would add to a position. */
  readonly reservedMicros: number;
  /** The equity that no position needs as margin times the multiplier, less the reservations; never negative. */
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
  const reservedMicros = book.reservedMicros();
  const isCashOnly =
    equityMicros < MARGIN_EQUITY_MICROS || book.configuration().max_margin_multiplier === '1';
  const multiplier = isCashOnly ? 1 : 2;
  return {
    longMicros,
    shortMicros,
    equityMicros,
    multiplier,
    initialMarginMicros: Math.ceil(grossMicros / multiplier),
    maintenanceMarginMicros: Math.ceil((grossMicros * 3) / 10),
    reservedMicros,
    buyingPowerMicros: Math.max(Math.max(multiplier * equityMicros - grossMicros, 0) - reservedMicros, 0),
  };
}

/** Quantity of a position, unsigned nanos, that open closing orders have already claimed; one that is held, or is being replaced, claims nothing of its own. */
export function heldNanos(book: AccountBook, symbol: string): number {
  return book
    .openOrdersOf(symbol)
    .filter((order) => isClosingOrder(order) && order.status !== 'held' && order.status !== 'pending_replace')
    .reduce((sum, order) => sum + leavesNanos(order), 0);
}
