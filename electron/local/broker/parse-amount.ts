// Reads the decimal strings of requests into integers; what does not fit is refused with the field's name.
import { parseDecimal, TICKS_PER_USD } from '../../contract/money.ts';
import { malformed, notProcessable } from './broker-refusal.ts';

/** Decimals of a quantity, of the finest price, and of a percentage in millionths. */
const QTY_DIGITS = 9;
const PRICE_DIGITS = 4;
const PERCENT_DIGITS = 4;
const USD_DIGITS = 6;
const TICKS_PER_CENT = TICKS_PER_USD / 100;

/** Parses a positive quantity into nanos; throws a 422 refusal. */
export function parseQuantity(qty: string | null | undefined): number {
  if (qty === null || qty === undefined) throw malformed('qty or notional is required');
  return parsePositive('qty', qty, QTY_DIGITS);
}

/** Parses a positive amount of dollars into micros. */
export function parseNotional(notional: string): number {
  return parsePositive('notional', notional, USD_DIGITS);
}

/** Parses a percentage above 0 and below 100 into millionths of the whole. */
export function parsePercent(field: string, percent: string): number {
  const millionths = parsePositive(field, percent, PERCENT_DIGITS);
  if (millionths >= 1_000_000)
    throw notProcessable(`invalid ${field} ${percent}. ${field} must be below 100`);
  return millionths;
}

/** Parses a positive price into ticks: whole cents from a dollar on, hundredths of a cent below. */
export function parsePrice(field: string, price: string): number {
  const subPenny = `invalid ${field} ${price}. sub-penny increment does not fulfill minimum pricing criteria`;
  let ticks: number;
  try {
    ticks = parseDecimal(price, PRICE_DIGITS);
  } catch {
    throw notProcessable(
      /^\d+\.\d+$/.test(price) ? subPenny : `invalid ${field} ${price}. not a decimal number`,
    );
  }
  if (ticks <= 0) throw notProcessable(`invalid ${field} ${price}. ${field} must be greater than 0`);
  if (ticks >= TICKS_PER_USD && ticks % TICKS_PER_CENT !== 0) throw notProcessable(subPenny);
  return ticks;
}

function parsePositive(field: string, text: string, digits: number): number {
  const amount = parseAmount(field, text, digits);
  if (amount <= 0) throw notProcessable(`invalid ${field} ${text}. ${field} must be greater than 0`);
  return amount;
}

function parseAmount(field: string, text: string, digits: number): number {
  try {
    return parseDecimal(text, digits);
  } catch (cause) {
    throw notProcessable(
      `invalid ${field} ${text}. ${cause instanceof Error ? cause.message : 'not a decimal number'}`,
    );
  }
}
