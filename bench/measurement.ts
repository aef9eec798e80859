// One figure of the report: what was measured, how often, and the promise it is held against.
import { z } from 'zod';

export const Measurement = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** Samples behind the value. */
  n: z.number(),
  target: z.number(),
  /** `atMost`: smaller is better. */
  rule: z.enum(['atMost', 'atLeast']),
  /** What the figure leaves out or depends on. */
  note: z.string(),
});
export type Measurement = Readonly<z.infer<typeof Measurement>>;

/** Whether the promise is kept. */
export function isMet({ rule, value, target }: Measurement): boolean {
  return rule === 'atMost' ? value <= target : value >= target;
}

/** Nearest-rank percentile, `share` in 0..1. Throws RangeError without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('a percentile needs at least one sample');
  return value;
}
