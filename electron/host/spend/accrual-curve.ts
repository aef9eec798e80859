// The day's cumulative spend over time, from what each sandbox has cost so far. Needs no samples, so it survives a restart.
import type { Sandbox } from '../../contract/state.ts';

export interface CurvePoint {
  readonly at: number;
  readonly accruedMicros: number;
}

/**
 * Spreads each sandbox's cost evenly over its life and sums up to `count` instants from `startAt` to `now`.
 * The last point is exactly `totalMicros`; what older sandboxes cost that are no longer kept counts from the start.
 */
export function accrualCurve(
  sandboxes: readonly Sandbox[],
  used: (slot: Sandbox) => number,
  totalMicros: number,
  startAt: number,
  now: number,
  count: number,
): CurvePoint[] {
  const lives = sandboxes
    .filter((slot) => slot.createdAt !== null)
    .map((slot) => ({
      from: slot.createdAt ?? 0,
      until: slot.endedAt ?? now,
      cost: slot.postedMicros + used(slot),
    }));
  const spentBy = (at: number): number =>
    lives.reduce((sum, life) => sum + life.cost * shareBetween(life, startAt, at), 0);
  const base = Math.max(0, totalMicros - spentBy(now));
  const points = Array.from(
    { length: count },
    (_, index) => startAt + ((now - startAt) * index) / (count - 1),
  );
  return points.map((at, index) => ({
    at: Math.round(at),
    accruedMicros: index === count - 1 ? totalMicros : Math.round(base + spentBy(at)),
  }));
}

function shareBetween(life: { from: number; until: number }, start: number, at: number): number {
  const whole = life.until - life.from;
  if (whole <= 0) return at >= life.until && life.until >= start ? 1 : 0;
  const from = Math.max(life.from, start);
  return Math.max(0, Math.min(life.until, at) - from) / whole;
}
