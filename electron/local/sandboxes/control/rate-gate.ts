// Lets through so many calls a second, with a burst of one second's worth.
import type { Clock } from '../clock.ts';

export interface RateGate {
  /** Takes one pass and returns 0, or returns the milliseconds until there is one. */
  pass(): number;
}

export function createRateGate(perSecond: number, clock: Clock): RateGate {
  const burst = Math.max(1, perSecond);
  let passes = burst;
  let countedAt = clock.running();

  return {
    pass() {
      const now = clock.running();
      passes = Math.min(burst, passes + (Math.max(0, now - countedAt) / 1_000) * perSecond);
      countedAt = now;
      if (passes < 1) return Math.ceil(((1 - passes) / perSecond) * 1_000);
      passes -= 1;
      return 0;
    },
  };
}
