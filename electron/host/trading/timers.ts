// Timers that end with their owner.
import type { Log } from '../log.ts';

export interface Timers {
  /** Runs once; a failure is logged. */
  later(ms: number, run: () => Promise<void>): void;
  /** Runs again and again until cleared; a failure is logged. */
  every(ms: number, run: () => Promise<void>): void;
  clear(): void;
}

/** Creates an empty set of timers. */
export function createTimers(log: Log): Timers {
  const running = new Set<NodeJS.Timeout>();

  async function attempt(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.warn({ err: error }, 'timed work failed');
    }
  }

  return {
    later(ms, run) {
      const timer = setTimeout(() => {
        running.delete(timer);
        void attempt(run);
      }, ms);
      running.add(timer);
    },
    every: (ms, run) => void running.add(setInterval(() => void attempt(run), ms)),
    clear() {
      for (const timer of running) clearInterval(timer);
      running.clear();
    },
  };
}
