// Operations on backtests: run one, list, compare, export. Their results are simulated and say so.
import { z } from 'zod';
import { BacktestReport, BacktestSummary } from './backtest-report.ts';
import { backtestErrors, backtestFields, checkSetup } from './backtest-setup.ts';
import { defineOperation } from './define-operation.ts';

const BacktestId = z
  .string()
  .regex(/^bt-[0-9a-f]{8}$/, 'an id looks like bt-1a2b3c4d; see backtests')
  .describe('Id of a backtest, as printed by backtests');

const IdList = z
  .union([z.array(BacktestId), z.string().transform((text) => text.split(/[\s,]+/))])
  .pipe(z.array(BacktestId).min(2).max(10))
  .describe('Ids of two to ten backtests, comma-separated');

export const runBacktest = defineOperation({
  name: 'backtest.run',
  summary: 'Backtest a strategy on past data, with checks for look-ahead, determinism and accounting.',
  effect: 'reads',
  input: z.object(backtestFields).superRefine(checkSetup),
  output: BacktestReport,
  errors: backtestErrors,
  cli: {
    command: 'backtest',
    standalone: true,
    examples: [
      'backtest --strategy momentum',
      'backtest --strategy sma-cross --symbols GOOG --data GOOG.csv --param fast=10 --param slow=30 --json',
      'backtest --strategy pairs --symbols KO,PEP --data KO=ko.csv,PEP=pep.csv --start 2015-01-01',
      'backtest --agents "momentum:fast=12@AAPL,MSFT; mean-reversion@AAPL" --data prices/ --commission-bps 5',
    ],
  },
});

export const listBacktests = defineOperation({
  name: 'backtest.list',
  summary: 'List the kept backtests, the newest first.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({ backtests: z.array(BacktestSummary) }),
  errors: [],
  cli: { command: 'backtests', standalone: true },
});

export const showBacktest = defineOperation({
  name: 'backtest.show',
  summary: 'Show a kept backtest whole: every figure, check and assumption.',
  effect: 'reads',
  input: z.object({ id: BacktestId }),
  output: BacktestReport,
  errors: ['BACKTEST_NOT_FOUND'],
  cli: { command: 'backtest-show', positional: ['id'], standalone: true },
});

export const compareBacktests = defineOperation({
  name: 'backtest.compare',
  summary: 'Set backtests side by side: every metric, and what differs in their setups.',
  effect: 'reads',
  input: z.object({ ids: IdList }),
  output: z.object({
    simulated: z.literal(true),
    backtests: z.array(BacktestSummary),
    /** Settings that are not the same in all, each with one value a backtest. */
    differences: z.array(z.object({ setting: z.string(), values: z.array(z.string()) })),
    metrics: z.array(
      z.object({ name: z.string(), unit: z.string(), values: z.array(z.number().nullable()) }),
    ),
  }),
  errors: ['BACKTEST_NOT_FOUND'],
  cli: { command: 'backtest-compare', positional: ['ids'], standalone: true },
});

export const exportBacktest = defineOperation({
  name: 'backtest.export',
  summary: 'Write a backtest to a file: JSON with everything, CSV of the trades, or a report in HTML.',
  effect: 'writes',
  input: z.object({
    id: BacktestId,
    format: z.enum(['json', 'csv', 'html']).default('html').describe('json, csv or html'),
    file: z.string().min(1).describe('Path of the file to write; one that exists is replaced'),
  }),
  output: z.object({ id: BacktestId, format: z.string(), file: z.string(), sizeBytes: z.int() }),
  errors: ['BACKTEST_NOT_FOUND', 'EXPORT_FAILED'],
  cli: { command: 'backtest-export', positional: ['id'], standalone: true },
});
