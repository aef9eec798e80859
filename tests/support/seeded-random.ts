// Chance that can be repeated: the same seed gives the same draws.

export interface SeededRandom {
  /** 0 inclusive to 1 exclusive. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Throws when there is no choice. */
  pick<T>(choices: readonly T[]): T;
}

/** Marsaglia's xorshift on 32 bits; good enough for choosing faults. */
export function seededRandom(seed: number): SeededRandom {
  // Small seeds differ in few bits, so they are spread first; zero would stay zero for ever.
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 4; warmUp += 1) next();
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick(choices) {
      const choice = choices[Math.floor(next() * choices.length)];
      if (choice === undefined) throw new Error('There is nothing to pick from.');
      return choice;
    },
  };
}
