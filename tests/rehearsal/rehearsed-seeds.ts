// Which seeds a rehearsal plays: as many as it asks for, the number that REHEARSAL_SEEDS names, or the one of REHEARSAL_SEED.

/** Seeds 1 to `count`, or what was asked for. Not whole when fewer are played than `count`. */
export function rehearsedSeeds(count: number): {
  readonly seeds: readonly number[];
  readonly isWhole: boolean;
} {
  const one = whole('REHEARSAL_SEED');
  if (one !== undefined) return { seeds: [one], isWhole: false };
  const length = whole('REHEARSAL_SEEDS') ?? count;
  return { seeds: Array.from({ length }, (_, index) => index + 1), isWhole: length >= count };
}

function whole(name: string): number | undefined {
  const asked = process.env[name];
  if (asked === undefined) return undefined;
  if (!/^\d+$/.test(asked)) throw new Error(`${name} is a whole number, not "${asked}".`);
  return Number(asked);
}
