// Counts requests a minute, as Alpaca does, and says in headers how many are left.
import type { Clock } from './clock.ts';

const WINDOW_MS = 60_000;

export interface RateLimit {
  /** Counts one request. `remaining` is negative when it came too late to be served. */
  take(): { readonly limit: number; readonly remaining: number; readonly resetS: number };
}

/** Creates a limit of so many requests a minute of wall time. */
export function createRateLimit(limit: number, clock: Clock): RateLimit {
  let windowEndMs = 0;
  let taken = 0;
  return {
    take() {
      const now = clock.now();
      if (now >= windowEndMs) {
        windowEndMs = now + WINDOW_MS;
        taken = 0;
      }
      taken += 1;
      return { limit, remaining: limit - taken, resetS: Math.ceil(windowEndMs / 1_000) };
    },
  };
}
