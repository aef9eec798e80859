// The operation that makes bars with the market simulator.
import { z } from 'zod';
import { Dataset, DatasetName } from './datasets.ts';
import { defineOperation } from './define-operation.ts';
import { symbolList } from './symbol-list.ts';

/** A series by the well-known facts about daily returns. */
const MeasuredSeries = z.object({
  symbol: z.string(),
  /** The simulator was fitted to have the sample's figures here; true for the sample. */
  fitted: z.boolean(),
  /** Whole trading days that were measured. */
  days: z.int(),
  /** Null where there were fewer than 30 days. */
  figures: z.array(z.object({ name: z.string(), value: z.number().nullable() })),
});
export type MeasuredSeries = z.infer<typeof MeasuredSeries>;

export const Calibration = z.object({
  /** The S&P 500 sample; null where it is not installed. */
  sample: MeasuredSeries.nullable(),
  /** One a symbol, in the order asked for. */
  simulated: z.array(MeasuredSeries),
});

export const simulateMarket = defineOperation({
  name: 'market.simulate',
  summary:
    'Make bars with the market simulator, keep them for backtests, and measure them beside the S&P 500.',
  effect: 'writes',
  input: z
    .object({
      symbols: symbolList(10).default(['SPY']),
      seed: z
        .int()
        .min(0)
        .max(0xffff_ffff)
        .default(1)
        .describe('Seed of the market; the same one gives the same bars'),
      days: z.int().min(1).max(12_600).optional().describe('Trading days, 1 to 12600; 2520 when left out'),
      bars: z.int().min(2).max(10_000_000).optional().describe('Bars of each symbol, instead of days'),
      timeframe: z
        .enum(['1Min', '5Min', '15Min', '30Min', '1Hour', '1Day'])
        .default('1Day')
        .describe('Size of a bar: 1Min, 5Min, 15Min, 30Min, 1Hour or 1Day'),
      start: z.iso
        .date('give a date such as 2026-01-05')
        .default('2026-01-05')
        .describe('First day; 2026-01-05 is the one at which the demo market starts'),
      name: DatasetName.max(56, 'at most 56 characters, so that a symbol can follow')
        .optional()
        .describe('Name of the data; of several symbols each is added, for example name-aapl'),
    })
    .refine(({ days, bars }) => days === undefined || bars === undefined, {
      path: ['bars'],
      message: 'give days or bars, not both',
    }),
  output: z.object({
    simulated: z.literal(true),
    seed: z.int(),
    datasets: z.array(Dataset),
    calibration: Calibration,
  }),
  errors: [
    'INVALID_INPUT',
    'UNKNOWN_SYMBOL',
    'DATASET_INVALID',
    'DATASET_EXISTS',
    'DATA_DIR_UNWRITABLE',
    'CANCELLED',
  ],
  cli: {
    command: 'simulate',
    lasting: true,
    examples: [
      'simulate --symbols SPY,KO --seed 7',
      'simulate --symbols AAPL,MSFT --timeframe 1Min --days 252',
      'simulate --bars 1000 --timeframe 5Min --name trial',
    ],
  },
});
