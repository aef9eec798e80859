// Runs backtests on native threads, two at a time; the others wait. Says how far each is.
import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import type { BacktestReport } from '../../contract/backtest-report.ts';
import type { BacktestSetup } from '../../contract/backtest-setup.ts';
import { DeskError } from '../../contract/errors.ts';
import type { WorkGauge } from '../../contract/frames.ts';
import type { Native } from '../../native/load.ts';
import { fromNativeError } from '../../native/native-error.ts';
import type { Clock } from '../clock.ts';
import { toRequest } from './backtest-request.ts';
import type { BacktestStore } from './backtest-store.ts';
import { composeReport } from './compose-report.ts';
import { strategiesOf, symbolsOf } from './backtest-agents.ts';
import { type OpenSeries, openSeries, type SeriesParts } from './open-series.ts';

const atOnce = 2;

export interface Backtests {
  /** Rejects with CANCELLED when `signal` aborts, before or while it runs. */
  run(setup: BacktestSetup, signal: AbortSignal): Promise<BacktestReport>;
  /** What waits and runs, oldest first. */
  work(): readonly WorkGauge[];
  /** Cancels everything. */
  close(): void;
}

export interface BacktestParts extends SeriesParts {
  readonly native: Pick<Native, 'BacktestJob' | 'BarImport'>;
  readonly clock: Clock;
  readonly store: BacktestStore;
  /** Called for each that was kept. */
  readonly onFinished: (report: BacktestReport) => void;
}

interface Entry {
  readonly id: string;
  readonly label: string;
  progress: () => Pick<WorkGauge, 'done' | 'total'>;
}

/** Creates the runner. */
export function createBacktests(parts: BacktestParts): Backtests {
  const { native, clock, store, onFinished } = parts;
  const queue = new PQueue({ concurrency: atOnce });
  const entries = new Map<string, Entry>();
  const closing = new AbortController();

  /** Reads given files first; what was read goes with the run. */
  async function runNow(entry: Entry, setup: BacktestSetup, signal: AbortSignal): Promise<BacktestReport> {
    const asked = { data: setup.data, symbols: symbolsOf(setup), timeZone: setup.timeZone };
    const opened = await openSeries(asked, parts, signal, (bytes, total) => {
      entry.progress = () => ({ done: bytes(), total });
    });
    try {
      refuseCancelled(signal);
      return await runOn(opened, entry, setup, signal);
    } finally {
      opened.close();
    }
  }

  async function runOn(
    { series }: OpenSeries,
    entry: Entry,
    setup: BacktestSetup,
    signal: AbortSignal,
  ): Promise<BacktestReport> {
    const at = clock.now();
    const job = new native.BacktestJob(toRequest(setup, series));
    entry.progress = () => job.progress();
    const cancel = (): void => job.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const result = await job.run();
      return composeReport(result, { id: entry.id, at, setup, series, trials: 1 });
    } catch (error) {
      throw signal.aborted ? cancelled() : fromNativeError(error);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  return {
    async run(setup, callSignal) {
      const signal = AbortSignal.any([callSignal, closing.signal]);
      refuseCancelled(signal);
      const entry: Entry = {
        id: `bt-${randomBytes(4).toString('hex')}`,
        label: labelOf(setup),
        progress: () => ({ done: 0, total: 0 }),
      };
      entries.set(entry.id, entry);
      try {
        const report = await Promise.race([
          queue.add(() => (signal.aborted ? Promise.reject(cancelled()) : runNow(entry, setup, signal))),
          rejectWhenAborted(signal),
        ]);
        await store.keep(report);
        onFinished(report);
        return report;
      } finally {
        entries.delete(entry.id);
      }
    },
    work: () => [...entries.values()].map(({ id, label, progress }) => ({ id, label, ...progress() })),
    close: () => closing.abort(),
  };
}

function labelOf(setup: BacktestSetup): string {
  return `Backtest of ${strategiesOf(setup)} on ${symbolsOf(setup)?.join(', ') ?? setup.data ?? 'sp500'}`;
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
  return new DeskError('CANCELLED', 'The backtest was cancelled; nothing of it is kept.');
}
