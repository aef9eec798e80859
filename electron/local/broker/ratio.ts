// Fractions as decimal strings, for the figures Alpaca prints as strings. Integers in, no float on the way.
import { formatDecimal } from '../../contract/money.ts';

/** Prints numerator / denominator with up to `digits` decimals, rounded half away from zero. "0" when the denominator is 0. */
export function formatRatio(numerator: bigint, denominator: bigint, digits: number): string {
  if (denominator === 0n) return '0';
  const negative = numerator < 0n !== denominator < 0n;
  const above = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(digits);
  const below = denominator < 0n ? -denominator : denominator;
  const scaled = Number((2n * above + below) / (2n * below));
  return formatDecimal(negative && scaled !== 0 ? -scaled : scaled, digits);
}
