// Units of the desk. Everything is a safe integer; floats appear only where a number is drawn.
import { z } from 'zod';

/** USD x 1e6. Infrastructure spend, cash and PnL. */
export const Micros = z.int();
/** USD x 1e4: the finest price increment a US broker accepts. */
export const PriceTicks = z.int().nonnegative();
/** Shares x 1e9, signed: positive is long. */
export const QtyNanos = z.int();

export const MICROS_PER_USD = 1_000_000;
export const TICKS_PER_USD = 10_000;
export const NANOS_PER_SHARE = 1_000_000_000;
/** One price tick in micro-dollars. */
export const MICROS_PER_TICK = MICROS_PER_USD / TICKS_PER_USD;

/**
 * Values a quantity at a price, in micro-dollars, rounded half to even.
 * Goes through BigInt because ticks x nanos leaves the safe integers at about 900 shares of a $1,000 stock.
 */
export function notionalMicros(qtyNanos: number, priceTicks: number): number {
  const product = BigInt(qtyNanos) * BigInt(priceTicks) * BigInt(MICROS_PER_TICK);
  return Number(divideHalfEven(product, BigInt(NANOS_PER_SHARE)));
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator - quotient * denominator;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const away = numerator < 0n ? -1n : 1n;
  if (twice > denominator) return quotient + away;
  if (twice === denominator && quotient % 2n !== 0n) return quotient + away;
  return quotient;
}

/** Parses a decimal string such as "171.2250" into an integer scaled by 10^digits; surplus digits must be zero. */
export function parseDecimal(text: string, digits: number): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new RangeError(`"${text}" is not a decimal number`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(digits)))
    throw new RangeError(`"${text}" has more than ${digits} decimals`);
  const scaled = Number(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  if (!Number.isSafeInteger(scaled)) throw new RangeError(`"${text}" is too large`);
  return scaled;
}

/** Prints an integer scaled by 10^digits as a decimal string without trailing zeros. */
export function formatDecimal(scaled: number, digits: number): string {
  const sign = scaled < 0 ? '-' : '';
  const text = Math.abs(scaled)
    .toString()
    .padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
