// Dividing an amount without losing any of it.

/**
 * Divides `amount`, an integer, in proportion to `weights`, positive integers: the parts sum to it exactly. What rounding
 * leaves goes to the largest remainders, and among equals to the earlier one.
 */
export function shareOut(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const whole = BigInt(Math.abs(amount));
  const parts = weights.map((weight) => (whole * BigInt(weight)) / total);
  const remainderOf = (index: number): bigint => (whole * BigInt(weights[index] ?? 0)) % total;
  const byRemainder = weights
    .map((_, index) => index)
    .sort((a, b) => Number(remainderOf(b) - remainderOf(a)) || a - b);
  const left = Number(whole - parts.reduce((sum, part) => sum + part, 0n));
  for (const index of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts.map((part) => Number(amount < 0 ? -part : part));
}
