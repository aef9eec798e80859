// Receiver's half of the numbered link: each message is delivered once, in order, whatever the stream lost or repeated.
import type { NumberedMessage } from './link-messages.ts';

export type Arrival =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'duplicate' }
  /** Something before it is missing; ask for everything after `after`. */
  | { readonly kind: 'gap'; readonly after: number };

export interface MessageWindow {
  accept(message: Pick<NumberedMessage, 'n'>): Arrival;
  /** Highest number delivered without a gap; 0 before the first. */
  through(): number;
  /** True when the runner has numbered more than has been delivered. */
  isBehind(lastN: number): boolean;
}

/** Starts expecting number 1. */
export function createMessageWindow(): MessageWindow {
  let through = 0;
  return {
    accept({ n }) {
      if (n <= through) return { kind: 'duplicate' };
      if (n > through + 1) return { kind: 'gap', after: through };
      through = n;
      return { kind: 'deliver' };
    },
    through: () => through,
    isBehind: (lastN) => lastN > through,
  };
}
