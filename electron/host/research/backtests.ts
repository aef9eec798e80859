// Backtests and sweeps: what is run, kept and told.
import type { BacktestReport } from '../../contract/backtest-report.ts';
import type { BacktestSetup } from '../../contract/backtest-setup.ts';
import type { SweepSetup } from '../../contract/backtest-sweep.ts';
import type { WorkGauge } from '../../contract/frames.ts';
import type { BacktestStore } from './backtest-store.ts';
import { composeReport } from './compose-report.ts';
import { composeSweep, composeWalk } from './compose-sweep.ts';
import { createJobQueue, type JobParts } from './job-queue.ts';

export interface Backtests {
  /** Rejects with CANCELLED when `signal` aborts, before or while it runs. */
  run(setup: BacktestSetup, signal: AbortSignal): Promise<BacktestReport>;
  /** Sweeps a grid, or walks forward with it where the setup says how far. Cancelled as `run`. */
  sweep(setup: SweepSetup, signal: AbortSignal): Promise<BacktestReport>;
  /** What waits and runs, oldest first. */
  work(): readonly WorkGauge[];
  /** Cancels everything and waits for it. */
  close(): Promise<void>;
}

export interface BacktestParts extends JobParts {
  readonly store: BacktestStore;
  /** Called for each that was kept. */
  readonly onFinished: (report: BacktestReport) => void;
}

/** Creates the runner. */
export function createBacktests(parts: BacktestParts): Backtests {
  const { clock, store, onFinished } = parts;
  const jobs = createJobQueue(parts);

  async function keep(report: BacktestReport): Promise<void> {
    await store.keep(report);
    onFinished(report);
  }

  return {
    async run(setup, signal) {
      const report = await jobs.run('Backtest', setup, signal, async ({ id, job, series }) =>
        composeReport(await job.run(), { id, at: clock.now(), setup, series, trials: 1 }),
      );
      await keep(report);
      return report;
    },
    async sweep(setup, signal) {
      const { grid, rank, trainBars, testBars, anchored } = setup;
      const axes = Object.entries(grid).map(([param, values]) => ({ param, values }));
      const report = await jobs.run('Sweep', setup, signal, async ({ id, job, series }) => {
        const facts = { id, at: clock.now(), setup, series };
        if (trainBars === undefined || testBars === undefined)
          return composeSweep(await job.sweep(axes, rank), facts);
        const stretches = { trainBars, testBars, anchored };
        return composeWalk(await job.walk(axes, rank, stretches), facts, stretches);
      });
      await keep(report);
      return report;
    },
    work: jobs.underWay,
    close: jobs.close,
  };
}
