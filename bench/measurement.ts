// One figure of the report: what was measured, how often, and the promise it is held against.

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Samples behind the value. */
  readonly n: number;
  readonly target: number;
  /** `atMost`: smaller is better. */
  readonly rule: 'atMost' | 'atLeast';
  /** What the figure leaves out or depends on. */
  readonly note: string;
}

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
