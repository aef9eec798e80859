// The host's side of the watchdog thread: starts it, and again when it ends, shares the lease with it, hands it the account.
import { Worker } from 'node:worker_threads';
import type { Log } from '../../log.ts';
import {
  FromWatchdog,
  sharedLeaseBytes,
  shareLease,
  ToWatchdog,
  type WatchedAccount,
  type WatchdogReport,
} from './watchdog-messages.ts';

const restartMs = 1_000;

export interface Watchdog {
  /** The account whose orders it cancels when the lease runs out; null forgets it. */
  watch(account: WatchedAccount | null): void;
  /** The lease ends in this time; null: there is none. */
  setLease(leftMs: number | null): void;
  /** Age of the thread's last sign; null before the first. */
  beatAgeMs(): number | null;
  close(): Promise<void>;
}

export interface WatchdogListener {
  /** It found that the lease that holds now has run out, and has begun to cancel. */
  onFired(): void;
  onFinished(report: WatchdogReport): void;
}

export type StartWatchdog = (listener: WatchdogListener) => Watchdog;

/** Prepares to start the built entry at `path` as a thread of this process. */
export function watchdogThread(path: string, log: Log): StartWatchdog {
  return (listener) => startWatchdog(path, log, listener);
}

function startWatchdog(path: string, log: Log, listener: WatchdogListener): Watchdog {
  const memory = new SharedArrayBuffer(sharedLeaseBytes);
  const shared = shareLease(memory);
  let watched: ToWatchdog = { account: null };
  let closed = false;
  let retry: NodeJS.Timeout | null = null;
  let worker = start();

  function start(): Worker {
    const started = new Worker(path, { workerData: memory, name: 'watchdog' });
    started.on('message', (message: unknown) => hear(FromWatchdog.parse(message)));
    started.on('error', (error) => log.error({ err: error }, 'the watchdog thread failed'));
    started.on('exit', () => {
      if (closed) return;
      retry = setTimeout(() => {
        worker = start();
      }, restartMs);
    });
    started.postMessage(watched);
    return started;
  }

  /** What concerns a lease that was granted anew since is old news. */
  function hear(message: FromWatchdog): void {
    if (message.lease !== String(shared.end()?.ns)) return;
    if (message.kind === 'fired') listener.onFired();
    else listener.onFinished(message);
  }

  return {
    watch(account) {
      // What else comes with an address or a key is not for the thread to know.
      watched = ToWatchdog.parse({ account });
      worker.postMessage(watched);
    },
    setLease(leftMs) {
      if (leftMs === null) return shared.setEnd(0n, 0n);
      const ms = BigInt(Math.ceil(leftMs));
      shared.setEnd(process.hrtime.bigint() + ms * 1_000_000n, BigInt(Date.now()) + ms);
    },
    beatAgeMs() {
      const beat = shared.lastBeat();
      return beat === null ? null : Math.max(0, Number(process.hrtime.bigint() - beat) / 1e6);
    },
    async close() {
      closed = true;
      if (retry) clearTimeout(retry);
      await worker.terminate();
    },
  };
}
