// Lets creations through at the plan's rate, so many at a time, and slows down when the provider says it is too fast.
import PQueue from 'p-queue';
import { DeskError } from '../../contract/errors.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createTokenBucket } from './token-bucket.ts';

const attempts = 5;
const firstHoldMs = 1_000;

export interface CreationQueue {
  /** Runs when its turn comes. A rate refusal is tried again, five times in all; other failures pass through. */
  add<T>(create: () => Promise<T>): Promise<T>;
  /** Milliseconds until `count` further creations have started and the last is done, each taking `createMs`. */
  etaMs(count: number, createMs: number): number;
  /** Creations that wait or run. */
  size(): number;
  close(): void;
}

export interface CreationQueueParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: () => { readonly createsPerSecond: number; readonly createConcurrency: number };
}

/** Creates an idle queue. */
export function createCreationQueue({ clock, log, limits }: CreationQueueParts): CreationQueue {
  const bucket = createTokenBucket(clock, () => limits().createsPerSecond);
  const queue = new PQueue({ concurrency: limits().createConcurrency });
  const closing = new AbortController();
  let untaken = 0;

  async function paced<T>(create: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      if (closing.signal.aborted) throw cancelled();
      const waitMs = bucket.take();
      untaken -= attempt === 1 ? 1 : 0;
      if (waitMs > 0) await rest(waitMs);
      try {
        return await create();
      } catch (error) {
        const tooFast = error instanceof DeskError && error.code === 'RATE_LIMITED';
        if (!tooFast || attempt === attempts) throw error;
        const holdMs = firstHoldMs * 2 ** (attempt - 1);
        log.warn({ attempt, holdMs }, 'the provider is asked too fast; creations wait');
        bucket.hold(holdMs);
      }
    }
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(cancelled());
      };
      const timer = setTimeout(() => {
        closing.signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      closing.signal.addEventListener('abort', stop, { once: true });
    });
  }

  return {
    add(create) {
      queue.concurrency = limits().createConcurrency;
      untaken += 1;
      return queue.add(() => paced(create));
    },
    etaMs(count, createMs) {
      if (count === 0) return 0;
      const rounds = Math.ceil((queue.size + queue.pending + count) / limits().createConcurrency);
      return Math.max(bucket.waitFor(untaken + count) + createMs, rounds * createMs);
    },
    size: () => queue.size + queue.pending,
    close: () => closing.abort(),
  };
}

function cancelled(): DeskError {
  return new DeskError('CANCELLED', 'The creation was cancelled: the host is stopping.');
}
