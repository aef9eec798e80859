// What waits to be written to a runner: in order, one write at a time, written again when a write fails.
// A frame may therefore arrive twice; the protocol's frames change nothing the second time.
import type { Log } from '../log.ts';
import type { HostFrame } from './link-messages.ts';
import { backOffMs, type LinkTimers, patienceMs, pause, within } from './link-timers.ts';

/** Frames beyond this mean that the runner has not taken anything in for minutes. */
const waitingLimitChars = 8 * 1024 * 1024;
/** A provider takes 4 MB at once at most, and text grows by a third on the way. */
const batchChars = 256 * 1024;
const writeLimitMs = 8_000;

export interface WriteQueue {
  put(frame: HostFrame): void;
  /** Writes what waits, within `limitMs`; a write that fails now is not repeated. */
  end(limitMs: number): Promise<void>;
  /** Forgets what waits. */
  drop(): void;
}

export interface WriteQueueParts {
  write(text: string): Promise<void>;
  /** Nothing more will be written. */
  onStuck(reason: string): void;
  readonly timers: LinkTimers;
  readonly log: Log;
}

/** Creates an empty queue that writes as soon as there is something. */
export function createWriteQueue(parts: WriteQueueParts): WriteQueue {
  const { timers } = parts;
  const dropped = new AbortController();
  const { signal } = dropped;
  const waiting: string[] = [];
  let waitingChars = 0;
  /** Of these only the last one counts, so that they never pile up. */
  const latest = new Map<'resume' | 'ack' | 'beat', string>();
  let draining: Promise<void> | null = null;
  let ending = false;

  function put(frame: HostFrame): void {
    if (signal.aborted || ending) return;
    const line = `${JSON.stringify(frame)}\n`;
    if (frame.kind === 'resume' || frame.kind === 'ack' || frame.kind === 'beat') {
      latest.set(frame.kind, line);
    } else {
      waiting.push(line);
      waitingChars += line.length;
    }
    if (waitingChars > waitingLimitChars) {
      return parts.onStuck(`the runner takes nothing in: ${waitingChars} characters wait to be written`);
    }
    draining ??= drain();
  }

  async function drain(): Promise<void> {
    for (let batch = take(); batch !== '' && !signal.aborted; batch = take()) await writeOut(batch);
    draining = null;
  }

  function take(): string {
    let batch = '';
    while (waiting.length > 0 && (batch === '' || batch.length + (waiting[0]?.length ?? 0) <= batchChars)) {
      batch += waiting.shift() ?? '';
    }
    waitingChars -= batch.length;
    batch += [...latest.values()].join('');
    latest.clear();
    return batch;
  }

  async function writeOut(batch: string): Promise<void> {
    const since = timers.monotonicMs();
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        return await within(timers, writeLimitMs, parts.write(batch), signal);
      } catch (error) {
        if (signal.aborted || ending) return;
        const reason = error instanceof Error ? error.message : String(error);
        parts.log.warn({ err: error, failures }, 'write to runner failed');
        if (timers.monotonicMs() - since >= patienceMs) {
          return parts.onStuck(`nothing could be written for ${patienceMs / 1_000} s: ${reason}`);
        }
        await pause(timers, backOffMs(timers, failures), signal);
      }
    }
  }

  function drop(): void {
    dropped.abort();
    waiting.length = 0;
    waitingChars = 0;
    latest.clear();
  }

  return {
    put,
    async end(limitMs) {
      put({ kind: 'stop' });
      ending = true;
      if (draining) await within(timers, limitMs, draining, signal).catch(() => undefined);
      drop();
    },
    drop,
  };
}
