// Which seeds a rehearsal plays: all, or the one that REHEARSAL_SEED names.

/** Seeds 1 to `count`, or the one asked for. */
export function rehearsedSeeds(count: number): {
  readonly seeds: readonly number[];
  readonly isWhole: boolean;
} {
  const asked = process.env['REHEARSAL_SEED'];
  if (asked === undefined)
    return { seeds: Array.from({ length: count }, (_, index) => index + 1), isWhole: true };
  if (!/^\d+$/.test(asked)) throw new Error(`REHEARSAL_SEED is a whole number, not "${asked}".`);
  return { seeds: [Number(asked)], isWhole: false };
}
