// A journal in memory whose appends become durable when the test says so.
import type { EventJournal } from '../../../electron/local/broker/account-store.ts';

export interface MemoryJournal extends EventJournal {
  /** Holds appends back until `release`. */
  hold(): void;
  release(): void;
  /** Fails every append from now on. */
  fail(error: Error): void;
  payloads(): readonly string[];
}

/** Creates an empty journal whose appends are durable at once, until it is told otherwise. */
export function createMemoryJournal(): MemoryJournal {
  const durable: string[] = [];
  let waiting: (() => void)[] = [];
  let isHolding = false;
  let failure: Error | null = null;
  return {
    hold() {
      isHolding = true;
    },
    release() {
      isHolding = false;
      for (const go of waiting) go();
      waiting = [];
    },
    fail(error) {
      failure = error;
    },
    payloads: () => durable,
    async append(payloads) {
      if (isHolding) await new Promise<void>((resolve) => waiting.push(resolve));
      if (failure) throw failure;
      durable.push(...payloads);
      return durable.length;
    },
    scan: (afterSeq, limit) =>
      durable
        .slice(afterSeq, afterSeq + limit)
        .map((payload, index) => ({ seq: afterSeq + index + 1, payload })),
    close() {},
  };
}
