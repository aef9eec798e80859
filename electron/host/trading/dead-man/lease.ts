// How long the host may go on without confirming its health. It counts on two clocks and believes the one that is further:
// the monotonic one stands still while the machine sleeps, the wall clock can be set back.
import type { Clock } from '../../clock.ts';

export interface Lease {
  /** Milliseconds left, 0 once it has run out; null while there is none. */
  remainingMs(): number | null;
  /** Milliseconds since it ran out; 0 before. */
  overdueMs(): number;
  /** Begins a new one, whatever was before. */
  grant(ms: number): void;
  /** Extends one that has not run out; false when it has, or there is none. */
  renew(ms: number): boolean;
  /** Lets it run out in this time, or earlier where less is left. */
  shorten(ms: number): void;
  drop(): void;
}

/** Creates a lease that nobody holds. `onChange` gets the time left at each change, null when it is dropped. */
export function createLease(clock: Clock, onChange: (leftMs: number | null) => void): Lease {
  let end: { readonly monotonicMs: number; readonly wallMs: number } | null = null;

  function leftMs(): number | null {
    if (!end) return null;
    return Math.min(end.monotonicMs - clock.monotonicMs(), end.wallMs - clock.now());
  }

  function grant(ms: number): void {
    end = { monotonicMs: clock.monotonicMs() + ms, wallMs: clock.now() + ms };
    onChange(ms);
  }

  function isRunning(): boolean {
    return (leftMs() ?? 0) > 0;
  }

  return {
    remainingMs() {
      const left = leftMs();
      return left === null ? null : Math.max(0, left);
    },
    overdueMs: () => Math.max(0, -(leftMs() ?? 0)),
    grant,
    renew(ms) {
      // What has run out is not extended: after a sleep or a stall the first to look is often the one who renews.
      if (!isRunning()) return false;
      grant(ms);
      return true;
    },
    shorten(ms) {
      const left = leftMs();
      if (left !== null && left > ms) grant(ms);
    },
    drop() {
      end = null;
      onChange(null);
    },
  };
}
