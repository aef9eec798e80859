// What a terminal has shown: its latest bytes, and who waits for more.
import { terminalRingBytes } from '../../contract/terminal.ts';
import { createByteRing } from './byte-ring.ts';

export interface ShownBytes {
  readonly bytes: Uint8Array;
  readonly nextByte: number;
  readonly droppedBytes: number;
}

export interface TerminalTape {
  push(bytes: Uint8Array): void;
  /** Ends all waiting; what is pushed later is kept all the same. */
  end(): void;
  isAwaited(): boolean;
  /** Reads what was shown after the position; waits up to `waitMs` for it, until the end or until the caller has left. */
  read(afterByte: number, waitMs: number, signal: AbortSignal): Promise<ShownBytes>;
}

/** Starts with nothing shown. */
export function createTerminalTape(): TerminalTape {
  const ring = createByteRing(terminalRingBytes);
  /** Called at each output and at the end. */
  const waiting = new Set<() => void>();
  let ended = false;

  function wakeAll(): void {
    for (const wake of waiting) wake();
  }

  return {
    push(bytes) {
      ring.push(bytes);
      wakeAll();
    },
    end() {
      ended = true;
      wakeAll();
    },
    isAwaited: () => waiting.size > 0,
    async read(afterByte, waitMs, signal) {
      if (ring.end <= afterByte && !ended) await woken(waiting, waitMs, signal);
      const { bytes, dropped } = ring.readFrom(afterByte);
      return { bytes, nextByte: ring.end, droppedBytes: dropped };
    },
  };
}

/** Resolves at the next output, after `waitMs`, or when the caller has left. */
function woken(waiting: Set<() => void>, waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, waitMs);
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
  });
}
