// Hands the events of one process to everybody who follows it. A follower that stops reading holds the process back
// once its queue is full; with no follower, events are dropped.

const queueLength = 64;

export interface Subscription<T> {
  /** Resolves with the next event, `idle` after `idleMs` without one, or `over` after the last; rejects when aborted. */
  next(
    idleMs: number,
    signal: AbortSignal,
  ): Promise<{ kind: 'event'; event: T } | { kind: 'idle' } | { kind: 'over' }>;
  close(): void;
}

export interface OutputFanout<T> {
  /** Resolves once every follower has room for more. */
  publish(event: T): Promise<void>;
  subscribe(): Subscription<T>;
  /** After this, followers read what is queued and then `over`. */
  end(): void;
}

interface Follower<T> {
  readonly queue: T[];
  /** Wakes the reader, which waits for an event. */
  arrived: () => void;
  /** Wakes the writers, which wait for room. */
  drained: (() => void)[];
}

export function createOutputFanout<T>(): OutputFanout<T> {
  const followers = new Set<Follower<T>>();
  let ended = false;

  function release(follower: Follower<T>): void {
    for (const wake of follower.drained.splice(0)) wake();
  }

  return {
    async publish(event) {
      const full: Follower<T>[] = [];
      for (const follower of followers) {
        follower.queue.push(event);
        follower.arrived();
        if (follower.queue.length >= queueLength) full.push(follower);
      }
      await Promise.all(
        full.map((follower) => new Promise<void>((resolve) => follower.drained.push(resolve))),
      );
    },

    subscribe() {
      const follower: Follower<T> = { queue: [], arrived: () => undefined, drained: [] };
      followers.add(follower);
      return {
        async next(idleMs, signal) {
          signal.throwIfAborted();
          if (follower.queue.length === 0 && !ended) await waitForEvent(follower, idleMs, signal);
          signal.throwIfAborted();
          const event = follower.queue.shift();
          if (follower.queue.length < queueLength) release(follower);
          if (event !== undefined) return { kind: 'event', event };
          return ended ? { kind: 'over' } : { kind: 'idle' };
        },
        close() {
          followers.delete(follower);
          release(follower);
        },
      };
    },

    end() {
      ended = true;
      for (const follower of followers) follower.arrived();
    },
  };
}

function waitForEvent<T>(follower: Follower<T>, idleMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      follower.arrived = () => undefined;
      resolve();
    };
    const timer = setTimeout(done, idleMs);
    signal.addEventListener('abort', done, { once: true });
    follower.arrived = done;
  });
}
