// Time that passes only when a test says so.
import type { LinkTimers } from '../../electron/host/sandboxes/link-timers.ts';

export interface VirtualTimers extends LinkTimers {
  /** Lets the time pass; everything due happens in order, promises included. */
  advance(byMs: number): Promise<void>;
  /** Lets only promises settle. */
  settle(): Promise<void>;
  /** Timers that have not run. */
  pending(): number;
}

/** Starts at zero. */
export function createVirtualTimers(random: () => number = () => 0.5): VirtualTimers {
  interface Timer {
    readonly dueMs: number;
    readonly run: () => void;
  }
  const timers = new Set<Timer>();
  let nowMs = 0;

  function nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers)
      if (timer.dueMs <= untilMs && (!next || timer.dueMs < next.dueMs)) next = timer;
    return next;
  }

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    monotonicMs: () => nowMs,
    random,
    after(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      await settle();
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        timers.delete(timer);
        nowMs = timer.dueMs;
        timer.run();
        await settle();
      }
      nowMs = untilMs;
    },
    settle,
    pending: () => timers.size,
  };
}
