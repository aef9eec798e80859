// Notices when the order stream has gone mute: executions are found in the history that it should have told and does not.
import type { Execution } from '../broker.ts';

/** What happened before can have been missed in the gap. */
const settledMs = 5_000;
/** A message may be a moment behind the history. */
const lateMs = 2_000;

export interface UntoldExecutions {
  /** The stream is authenticated from now on. */
  ready(): void;
  told(execution: Execution): void;
  /** Found in the broker's history, not told before. */
  found(execution: Execution): void;
}

export interface UntoldParts {
  readonly monotonicMs: () => number;
  readonly later: (ms: number, run: () => void) => void;
  /** Called once for each time that the stream is ready. */
  readonly onMute: () => void;
}

/** Starts with a stream that is not ready. */
export function createUntoldExecutions({ monotonicMs, later, onMute }: UntoldParts): UntoldExecutions {
  let readyAt = Infinity;
  const untold = new Set<string>();

  const nameOf = ({ order, cumulativeNanos }: Execution): string =>
    `${order.brokerOrderId}:${cumulativeNanos}`;

  return {
    ready() {
      readyAt = monotonicMs();
      untold.clear();
    },
    told: (execution) => void untold.delete(nameOf(execution)),
    found(execution) {
      if (monotonicMs() - readyAt < settledMs) return;
      const name = nameOf(execution);
      untold.add(name);
      later(lateMs, () => {
        if (!untold.delete(name)) return;
        untold.clear();
        readyAt = Infinity;
        onMute();
      });
    },
  };
}
