// Operations on bar data for backtests: what there is, bringing in a file, fetching from the broker, removing.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { Symbol } from './names.ts';
import { symbolList } from './symbol-list.ts';

/** Letters, digits, dots, dashes: it is a file's name in the data directory. */
export const DatasetName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'a name is lower-case letters, digits, dots, dashes and underscores, at most 64, for example goog-daily',
  );

/** Problems that keep a row from being a bar: they refuse the file, or the row is left out where they are allowed. */
const rowProblems = [
  'bad-time',
  'missing-time-zone',
  'not-a-number',
  'not-finite',
  'too-large',
  'price-not-positive',
  'negative-volume',
  'high-below-low',
  'outside-range',
  'duplicate',
  'out-of-order',
] as const;
/** Problems that are told and change nothing. */
const flags = ['gap', 'suspected-split', 'rounded', 'mixed-time-zones'] as const;

export const DataProblem = z.object({
  kind: z.enum([...rowProblems, ...flags]),
  /** It keeps the file from being imported. */
  refused: z.boolean(),
  count: z.int(),
  /** Rows left out because of it. */
  dropped: z.int(),
  /** The first five. `line` is the row's number in a Parquet file. */
  examples: z.array(z.object({ line: z.int(), column: z.string(), value: z.string(), rule: z.string() })),
});
export type DataProblem = z.infer<typeof DataProblem>;

export const DataReport = z.object({
  /** Rows of the source below its header. */
  rows: z.int(),
  problems: z.array(DataProblem),
});
export type DataReport = z.infer<typeof DataReport>;

/** `sample` came with a package, `broker` and `demo` were fetched, `simulator` was made by market.simulate. */
export const DataOrigin = z.enum(['file', 'sample', 'broker', 'demo', 'simulator']);
export type DataOrigin = z.infer<typeof DataOrigin>;

export const Dataset = z.object({
  name: DatasetName,
  symbol: Symbol,
  origin: DataOrigin,
  /** True for bars of the demo market and of the simulator: nobody ever traded at them, or not then. */
  simulated: z.boolean(),
  /** Commonest step from bar to bar. */
  intervalMs: z.int().positive(),
  bars: z.int().min(2),
  /** Starts of the first and the last bar, ms since 1970; negative before. */
  firstAt: z.int(),
  lastAt: z.int(),
  /** Zone in which local times were read; null when the source told, or had dates alone. */
  timeZone: z.string().nullable(),
  /** Hex SHA-256 of the bars: what a backtest was made on. */
  barsSha256: z.string(),
  report: DataReport,
});
export type Dataset = z.infer<typeof Dataset>;

export const listDatasets = defineOperation({
  name: 'data.list',
  summary: 'List the bar data that backtests can use, and what is being imported or simulated.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({
    datasets: z.array(Dataset),
    /** `totalBytes` is the size of the source; a Parquet file is read twice. */
    importing: z.array(z.object({ name: DatasetName, rows: z.int(), bytes: z.int(), totalBytes: z.int() })),
    /** `totalBars` is expected; a pause in trading can leave a few out. */
    simulating: z.array(z.object({ names: z.array(DatasetName), bars: z.int(), totalBars: z.int() })),
    /** Files in the folder that cannot be used, and why. */
    unusable: z.array(z.object({ name: z.string(), reason: z.string() })),
  }),
  errors: [],
  cli: { command: 'data', examples: ['data', 'data --json'] },
});

const AllowList = z
  .union([z.string().transform((text) => text.split(',').map((part) => part.trim())), z.array(z.string())])
  .pipe(z.array(z.enum(rowProblems, `allow takes ${rowProblems.join(', ')}`)))
  .describe(`Problems whose rows are left out instead of refusing the file: ${rowProblems.join(', ')}`);

export const importDataset = defineOperation({
  name: 'data.import',
  summary: 'Check a CSV or Parquet file of bars and keep it for backtests. Any wrong row refuses the file.',
  effect: 'writes',
  input: z.object({
    file: z
      .string()
      .min(1)
      .describe('CSV or Parquet with columns date, open, high, low, close, volume in any order'),
    symbol: Symbol.optional().describe("Name of the instrument; the file's name when left out"),
    name: DatasetName.optional().describe("Name of the data; the file's name when left out"),
    timeZone: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe('Zone of times without one: UTC, -05:00 or America/New_York'),
    allow: AllowList.default([]),
  }),
  output: Dataset,
  errors: [
    'INVALID_INPUT',
    'FILE_NOT_FOUND',
    'DATASET_INVALID',
    'DATASET_EXISTS',
    'DATA_DIR_UNWRITABLE',
    'CANCELLED',
  ],
  cli: {
    command: 'data-import',
    lasting: true,
    positional: ['file'],
    examples: [
      'data-import GOOG.csv',
      'data-import minutes.parquet --symbol AAPL --name aapl-minutes --time-zone America/New_York',
      'data-import raw.csv --allow duplicate,out-of-order',
    ],
  },
});

export const removeDataset = defineOperation({
  name: 'data.remove',
  summary: 'Remove bar data from the desk, with what was fetched for it. The imported file itself stays.',
  effect: 'writes',
  input: z.object({ name: DatasetName.describe('Name of the data, as printed by data') }),
  output: z.object({ name: DatasetName }),
  errors: ['DATASET_NOT_FOUND', 'DATASET_EXISTS', 'INVALID_INPUT'],
  cli: { command: 'data-remove', positional: ['name'], examples: ['data-remove goog'] },
});

export const fetchDatasets = defineOperation({
  name: 'data.fetch',
  summary:
    "Fetch historical bars, adjusted for splits, from the account's broker. Asks only for what is not there yet.",
  effect: 'writes',
  input: z.object({
    symbols: symbolList(20),
    timeframe: z
      .string()
      .regex(
        /^([1-9]|[1-5]\d)Min$|^([1-9]|1\d|2[0-3])Hour$|^1Day$/,
        'give 1Min to 59Min, 1Hour to 23Hour or 1Day',
      )
      .default('1Day')
      .describe('1Min to 59Min, 1Hour to 23Hour or 1Day'),
    start: z.iso.date('give a date such as 2024-01-31').describe('First day, for example 2024-01-31'),
    end: z.iso
      .date('give a date such as 2024-12-31')
      .optional()
      .describe('Last day; the last completed bar when left out'),
  }),
  output: z.object({
    datasets: z.array(
      Dataset.extend({
        /** Bars that the broker sent now; the others were there. */
        fetched: z.int(),
      }),
    ),
  }),
  errors: [
    'INVALID_INPUT',
    'UNKNOWN_SYMBOL',
    'DATASET_INVALID',
    'DATASET_EXISTS',
    'BROKER_UNAVAILABLE',
    'BROKER_REFUSED',
    'RATE_LIMITED',
    'DATA_DIR_UNWRITABLE',
    'CANCELLED',
  ],
  cli: {
    command: 'data-fetch',
    positional: ['symbols'],
    examples: [
      'data-fetch AAPL,MSFT --start 2025-01-01',
      'data-fetch AAPL --timeframe 5Min --start 2026-01-05',
    ],
  },
});
