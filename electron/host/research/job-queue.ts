// Runs native jobs on past data, two at a time; the others wait. Says how far each is, and leaves nothing behind.
import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import type { BacktestSetup } from '../../contract/backtest-setup.ts';
import { DeskError } from '../../contract/errors.ts';
import type { WorkGauge } from '../../contract/frames.ts';
import type { BacktestJob, Native } from '../../native/load.ts';
import { fromNativeError } from '../../native/native-error.ts';
import { strategiesOf, symbolsOf } from './backtest-agents.ts';
import { toRequest } from './backtest-request.ts';
import { openSeries, type Series, type SeriesParts } from './open-series.ts';

const atOnce = 2;

/** A job that is ready to start, and what it works on. */
export interface ReadyJob {
  readonly id: string;
  readonly job: BacktestJob;
  readonly series: readonly Series[];
}

export interface JobQueue {
  /** Opens the data of the setup and works on it. Rejects with CANCELLED when `signal` aborts, before or while it runs. */
  run<T>(
    kind: 'Backtest' | 'Sweep',
    setup: BacktestSetup,
    signal: AbortSignal,
    work: (ready: ReadyJob) => Promise<T>,
  ): Promise<T>;
  /** What waits and runs, oldest first. */
  underWay(): readonly WorkGauge[];
  /** Cancels everything and waits for it. */
  close(): Promise<void>;
}

export interface JobParts extends SeriesParts {
  readonly native: Pick<Native, 'BacktestJob' | 'BarImport' | 'describeBars'>;
}

interface Entry {
  readonly id: string;
  readonly label: string;
  progress: () => Pick<WorkGauge, 'done' | 'total'>;
}

/** Creates an empty queue. */
export function createJobQueue(parts: JobParts): JobQueue {
  const queue = new PQueue({ concurrency: atOnce });
  const entries = new Map<string, Entry>();
  const closing = new AbortController();

  /** Reads given files first; what was read goes with the job. */
  async function runNow<T>(
    entry: Entry,
    setup: BacktestSetup,
    signal: AbortSignal,
    work: (ready: ReadyJob) => Promise<T>,
  ): Promise<T> {
    refuseCancelled(signal);
    const asked = { data: setup.data, symbols: symbolsOf(setup), timeZone: setup.timeZone };
    const opened = await openSeries(asked, parts, signal, (bytes, total) => {
      entry.progress = () => ({ done: bytes(), total });
    });
    try {
      refuseCancelled(signal);
      const job = new parts.native.BacktestJob(toRequest(setup, opened.series));
      entry.progress = () => job.progress();
      const cancel = (): void => job.cancel();
      signal.addEventListener('abort', cancel);
      try {
        return await work({ id: entry.id, job, series: opened.series });
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    } catch (error) {
      throw signal.aborted ? cancelled() : fromNativeError(error);
    } finally {
      opened.close();
    }
  }

  return {
    async run(kind, setup, callSignal, work) {
      const signal = AbortSignal.any([callSignal, closing.signal]);
      refuseCancelled(signal);
      const id = `bt-${randomBytes(4).toString('hex')}`;
      const entry: Entry = { id, label: labelOf(kind, setup), progress: () => ({ done: 0, total: 0 }) };
      entries.set(id, entry);
      try {
        return await Promise.race([
          queue.add(() => runNow(entry, setup, signal, work)),
          rejectWhenAborted(signal),
        ]);
      } finally {
        entries.delete(id);
      }
    },
    underWay: () => [...entries.values()].map(({ id, label, progress }) => ({ id, label, ...progress() })),
    async close() {
      closing.abort();
      await queue.onIdle();
    },
  };
}

function labelOf(kind: string, setup: BacktestSetup): string {
  return `${kind} of ${strategiesOf(setup)} on ${symbolsOf(setup)?.join(', ') ?? setup.data ?? 'sp500'}`;
}

/** One that waits for its turn is given up at once. */
function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(cancelled()), { once: true });
  });
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

function cancelled(): DeskError {
  return new DeskError('CANCELLED', 'It was cancelled; nothing of it is kept.');
}
