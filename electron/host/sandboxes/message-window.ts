// Receiver's half of the numbered link: each message is delivered once, in order, whatever the stream lost or repeated.
import type { NumberedMessage } from './link-messages.ts';

export type Arrival = 'deliver' | 'duplicate' | 'gap';

export interface MessageWindow {
  /** Says whether the message is next, known already, or waits for something that is missing. */
  accept(message: Pick<NumberedMessage, 'n'>): Arrival;
  /** Takes note of how far the runner has numbered. */
  note(lastN: number): void;
  /** Highest number delivered without a gap; 0 before the first. */
  through(): number;
  /** How many messages the runner is known to have written and have not been delivered. */
  missing(): number;
}

/** Starts expecting number 1. */
export function createMessageWindow(): MessageWindow {
  let through = 0;
  let highest = 0;

  function note(lastN: number): void {
    highest = Math.max(highest, lastN);
  }

  return {
    accept({ n }) {
      note(n);
      if (n <= through) return 'duplicate';
      if (n > through + 1) return 'gap';
      through = n;
      return 'deliver';
    },
    note,
    through: () => through,
    missing: () => highest - through,
  };
}
