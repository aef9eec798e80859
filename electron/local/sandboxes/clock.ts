// What the runtime reads of time, injected so that expiry can be tested. How long something may last is measured in
// running time: setting the machine's clock neither ends a sandbox nor keeps it alive, and while the machine sleeps,
// the time of sandboxes stands still as their processes do.
export interface Clock {
  /** Epoch milliseconds, for what is shown and signed; jumps when the machine's clock is set. */
  now(): number;
  /** Milliseconds the machine has run since some moment; never jumps. */
  running(): number;
}

export const systemClock: Clock = { now: Date.now, running: () => performance.now() };
