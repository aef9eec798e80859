// Handlers of the operations on backtests. They need no running desk, so the command line can use them without a host.
import type { DeskHandlers } from '../dispatch.ts';
import type { BacktestStore } from '../research/backtest-store.ts';
import type { Backtests } from '../research/backtests.ts';
import { compareReports } from '../research/compare-backtests.ts';
import { exportReport } from '../research/export-report.ts';

export type BacktestHandlers = Pick<
  DeskHandlers,
  | 'backtest.run'
  | 'backtest.sweep'
  | 'backtest.list'
  | 'backtest.show'
  | 'backtest.compare'
  | 'backtest.export'
>;

export interface BacktestHandlerParts {
  readonly backtests: Backtests;
  readonly backtestStore: BacktestStore;
}

/** Builds the handlers. */
export function createBacktestHandlers({ backtests, backtestStore }: BacktestHandlerParts): BacktestHandlers {
  return {
    'backtest.run': (setup, { signal }) => backtests.run(setup, signal),
    'backtest.sweep': (setup, { signal }) => backtests.sweep(setup, signal),
    'backtest.list': async () => ({ backtests: await backtestStore.list() }),
    'backtest.show': ({ id }) => backtestStore.read(id),
    'backtest.compare': async ({ ids }) =>
      compareReports(await Promise.all(ids.map((id) => backtestStore.read(id)))),
    'backtest.export': async ({ id, format, file }) =>
      exportReport(await backtestStore.read(id), format, file),
  };
}
