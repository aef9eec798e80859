// How the parameters of a backtest were chosen: from a grid, or from one again and again on the way through time.
import { z } from 'zod';
import { BarStart } from './names.ts';

/** As many as one table shows; the best is always among them. */
export const shownVariants = 1_000;

const Variant = z.object({
  /** One value a name in `paramNames`. */
  params: z.array(z.number()),
  /** One value a name in `metricNames`; null where the variant does not define it. */
  metrics: z.array(z.number().nullable()),
  /** Why it was not run; null when it was. */
  refused: z.string().nullable(),
});

/** A grid of which the best variant was run again with all checks: the report is of that one. */
export const GridChoice = z.object({
  rank: z.string(),
  paramNames: z.array(z.string()),
  metricNames: z.array(z.string()),
  /** The first 1,000, the best first; refused ones last. */
  variants: z.array(Variant),
  /** Of the grid; `trials` of the report counts those that were really run. */
  combinations: z.int(),
  /** With every variant. */
  tookMs: z.number(),
});
export type GridChoice = z.infer<typeof GridChoice>;

const Fold = z.object({
  trainFrom: BarStart,
  trainTo: BarStart,
  testFrom: BarStart,
  testTo: BarStart,
  /** What was chosen in training. */
  params: z.record(z.string(), z.number()),
  trainScore: z.number(),
  testReturnPct: z.number(),
  trials: z.int(),
});

/** Parameters chosen on each stretch and judged on the bars after it: the report is of all tests, one after the other. */
export const WalkForward = z.object({
  rank: z.string(),
  trainBars: z.int(),
  testBars: z.int(),
  /** Each training begins with the first bar. */
  anchored: z.boolean(),
  folds: z.array(Fold),
});
export type WalkForward = z.infer<typeof WalkForward>;
