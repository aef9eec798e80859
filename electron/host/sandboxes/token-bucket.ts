// Spaces out creations: a steady rate with a burst of one second's worth, and a stop when the provider says so.
import type { Clock } from '../clock.ts';

export interface TokenBucket {
  /** Takes the next token and returns the milliseconds until it is valid. */
  take(): number;
  /** Milliseconds until the `nth` token from now would be valid; takes none. */
  waitFor(nth: number): number;
  /** Gives out nothing for this long. */
  hold(durationMs: number): void;
}

/** `perSecond` is read at each use, so that a changed setting counts at once. */
export function createTokenBucket(clock: Clock, perSecond: () => number): TokenBucket {
  /** When the next token would be due at the steady rate; the burst lets it be taken earlier. */
  let dueAt = Number.NEGATIVE_INFINITY;
  let heldUntil = Number.NEGATIVE_INFINITY;

  function nthAt(nth: number): number {
    const interval = 1_000 / perSecond();
    const burst = Math.max(1, Math.floor(perSecond()));
    const first = Math.max(dueAt, clock.monotonicMs() - (burst - 1) * interval);
    return first + (nth - 1) * interval;
  }

  function waitUntil(at: number): number {
    return Math.max(0, Math.max(at, heldUntil) - clock.monotonicMs());
  }

  return {
    take() {
      const at = nthAt(1);
      dueAt = at + 1_000 / perSecond();
      return waitUntil(at);
    },
    waitFor: (nth) => waitUntil(nthAt(nth)),
    hold(durationMs) {
      heldUntil = Math.max(heldUntil, clock.monotonicMs() + durationMs);
    },
  };
}
