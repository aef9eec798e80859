// Merges bars into longer ones: days of minutes, weeks and months of days.
import type { ExchangeBar } from './exchange.ts';
import { newYorkMidnightMs } from './session-day.ts';

const DAY_MS = 86_400_000;

/** A length that the exchange has no bars of. */
export interface Period {
  readonly unit: 'week' | 'month';
  readonly count: number;
}

/** Merges bars, oldest first, into one that starts at `atMs`; null when there are none. */
export function mergeBars(bars: readonly ExchangeBar[], atMs: number): ExchangeBar | null {
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) return null;
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
  const traded = bars.reduce((sum, bar) => sum + BigInt(bar.vwapTicks) * BigInt(bar.volume), 0n);
  return {
    symbol: first.symbol,
    atMs,
    openTicks: first.openTicks,
    highTicks: Math.max(...bars.map((bar) => bar.highTicks)),
    lowTicks: Math.min(...bars.map((bar) => bar.lowTicks)),
    closeTicks: last.closeTicks,
    volume,
    tradeCount: bars.reduce((sum, bar) => sum + bar.tradeCount, 0),
    vwapTicks: volume === 0 ? last.closeTicks : Number(traded / BigInt(volume)),
  };
}

/** Merges daily bars, oldest first, by the weeks (from Monday) or months they fall in. */
export function mergePeriods(days: readonly ExchangeBar[], period: Period): readonly ExchangeBar[] {
  const byStart = new Map<number, ExchangeBar[]>();
  for (const day of days) {
    const startMs = periodStartMs(day.atMs, period);
    byStart.set(startMs, [...(byStart.get(startMs) ?? []), day]);
  }
  return [...byStart].flatMap(([startMs, bars]) => mergeBars(bars, startMs) ?? []);
}

/** Midnight in New York at the start of the period that a daily bar falls in, whose date in UTC is that of its session. */
function periodStartMs(atMs: number, { unit, count }: Period): number {
  const day = new Date(atMs);
  const firstDay =
    unit === 'week'
      ? Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
      : Date.UTC(day.getUTCFullYear(), Math.floor(day.getUTCMonth() / count) * count, 1);
  // Noon falls on that date in New York, summer or winter.
  return newYorkMidnightMs(firstDay + (DAY_MS * 3) / 4);
}
