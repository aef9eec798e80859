// The time a process has, which does not pass while its sandbox is paused.

/** Longer waits overflow Node's timers; they are as good as none. */
const longestTimerMs = 2 ** 31 - 1;

export interface Deadline {
  /** Stops the clock; idempotent. */
  hold(): void;
  /** Lets it run on; idempotent. */
  start(): void;
}

/** Starts a clock that calls `passed` after `limitMs` of running; undefined means never. */
export function createDeadline(limitMs: number | undefined, passed: () => void): Deadline {
  let remainingMs = limitMs;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const deadline: Deadline = {
    hold() {
      if (timer === undefined || remainingMs === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      remainingMs -= performance.now() - startedAt;
    },
    start() {
      if (timer !== undefined || remainingMs === undefined || remainingMs > longestTimerMs) return;
      startedAt = performance.now();
      timer = setTimeout(passed, Math.max(0, remainingMs));
    },
  };
  deadline.start();
  return deadline;
}
