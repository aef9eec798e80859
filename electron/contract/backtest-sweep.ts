// Parameter sweeps: one backtest for each combination, and walking forward through time with the best of each stretch.
import { z } from 'zod';
import { BacktestReport } from './backtest-report.ts';
import { backtestErrors, backtestFields, checkSetup } from './backtest-setup.ts';
import { defineOperation } from './define-operation.ts';
import { metricNames } from './metric-terms.ts';
import { nearestName } from './nearest-name.ts';

const mostValues = 1_000;
const mostVariants = 10_000;

/** "fast=5:20:5,slow=20|50": from:to:step, or values between bars. */
const Grid = z
  .preprocess(
    (given: string | Readonly<Record<string, unknown>>, context) =>
      typeof given === 'string' ? readGrid(given, context) : given,
    z.record(
      z.string(),
      z
        .array(z.number({ error: 'must be numbers' }))
        .min(1)
        .max(mostValues),
    ),
  )
  .refine((grid) => Object.keys(grid).length > 0, 'give at least one parameter, for example fast=5:20:5')
  .refine(
    (grid) => Object.values(grid).reduce((count, values) => count * values.length, 1) <= mostVariants,
    `has more than ${mostVariants} combinations; give fewer values`,
  )
  .describe('Values of a parameter, name=from:to:step or name=value|value; can be repeated');

function readGrid(text: string, context: z.RefinementCtx): Record<string, number[]> {
  const grid = new Map<string, number[]>();
  const refuse = (message: string, path: string[] = []): void =>
    context.addIssue({ code: 'custom', message, path });
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', values, ...more] = part.split('=').map((side) => side.trim());
    if (name === '' || values === undefined || more.length > 0)
      refuse('write each as name=from:to:step or name=value|value');
    else if (grid.has(name)) refuse('was given twice; give it once', [name]);
    else {
      const read = readValues(values);
      if (read) grid.set(name, read);
      else refuse(`"${values}" is no range such as 5:20:5 and no list such as 5|10`, [name]);
    }
  }
  return Object.fromEntries(grid);
}

function readValues(text: string): number[] | null {
  const isRange = text.includes(':');
  const parts = text
    .split(isRange ? ':' : '|')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.some((part) => !Number.isFinite(part))) return null;
  if (!isRange) return parts;
  const [from = 0, to = 0, step = 1, ...more] = parts;
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (more.length > 0 || step <= 0 || count < 1 || count > mostValues) return null;
  // Rounded, so that 0.1:0.3:0.1 does not give 0.30000000000000004.
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toPrecision(12)));
}

const bars = (what: string): z.ZodOptional<z.ZodInt> =>
  z.int().min(2).max(10_000_000).optional().describe(what);

const { agents: _oneStrategy, ...shared } = backtestFields;

const sweepFields = {
  ...shared,
  grid: Grid,
  rank: z
    .enum(metricNames, {
      error: ({ input }) => {
        const meant = nearestName(String(input), metricNames);
        return `"${String(input)}" is unknown; ${meant === null ? `give ${metricNames.join(', ')}` : `did you mean ${meant}?`}`;
      },
    })
    .default('sharpe')
    .describe('Metric by which variants are ranked, the highest first, by its name in the JSON'),
  trainBars: bars('Walk forward: bars on which parameters are chosen; goes with test-bars'),
  testBars: bars('Walk forward: bars after them on which the choice is judged'),
  anchored: z.boolean().default(false).describe('Walk forward: each training begins with the first bar'),
};
export type SweepSetup = z.output<z.ZodObject<typeof sweepFields>>;

export const sweepBacktest = defineOperation({
  name: 'backtest.sweep',
  summary:
    'Backtest a strategy with every combination of parameters, or walk forward through time with the best.',
  effect: 'reads',
  input: z.object(sweepFields).superRefine((setup, context) => {
    checkSetup(setup, context);
    if ((setup.trainBars === undefined) !== (setup.testBars === undefined))
      context.addIssue({
        code: 'custom',
        path: [setup.trainBars === undefined ? 'trainBars' : 'testBars'],
        message: 'give it too: a walk forward needs bars to train on and bars to test on',
      });
    for (const name of Object.keys(setup.grid))
      if (name in setup.params)
        context.addIssue({ code: 'custom', path: ['params', name], message: 'is in the grid already' });
  }),
  output: BacktestReport,
  errors: backtestErrors,
  cli: {
    command: 'backtest-sweep',
    standalone: true,
    examples: [
      'backtest-sweep --strategy sma-cross --data GOOG.csv --grid fast=5:25:5 --grid slow=30|50|100',
      'backtest-sweep --strategy sma-cross --grid fast=5:25:5 --grid slow=30|50 --train-bars 1000 --test-bars 250',
    ],
  },
});
