// The link's only source of time and chance, and the three ways in which it waits. Tests pass their own.
import { DeskError } from '../../contract/errors.ts';

/** A link gives up after this long without reaching its runner; the swarm judges missing heartbeats by the same measure. */
export const patienceMs = 30_000;

const firstBackOffMs = 250;
const longestBackOffMs = 2_000;

export interface LinkTimers {
  /** Milliseconds on a clock that never steps. */
  monotonicMs(): number;
  /** Runs once after the delay; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** 0 to 1; spreads the attempts of links that lost their streams together. */
  random(): number;
}

export const systemLinkTimers: LinkTimers = {
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Resolves after the delay, or at once when aborted. */
export function pause(timers: LinkTimers, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(delayMs, done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Settles as the work does; rejects with TIMED_OUT after `limitMs` and with CANCELLED when aborted. The work goes on. */
export async function within<T>(
  timers: LinkTimers,
  limitMs: number,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let stopWaiting = (): void => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(new DeskError('CANCELLED', 'The link was closed.'));
    const cancel = timers.after(limitMs, () =>
      reject(new DeskError('TIMED_OUT', `No answer within ${limitMs / 1_000} s.`)),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    stopWaiting = () => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted) onAbort();
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    stopWaiting();
  }
}

/** Milliseconds to wait after the given number of failures (1 or more): doubling up to 2 s, half of it by chance. */
export function backOffMs(timers: LinkTimers, failures: number): number {
  const fullMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** (failures - 1));
  return fullMs * (0.5 + 0.5 * timers.random());
}
