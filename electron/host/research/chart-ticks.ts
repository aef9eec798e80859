// Round places for the lines and words of a chart's axes.

const mostTicks = 5;
const dayMs = 86_400_000;
const yearMs = 365.25 * dayMs;

/** Round values from `low` to `high`, at most six, in steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number): number[] {
  const rough = (high - low) / mostTicks;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  // A value on a line counts as on it, whatever its last bit says.
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  // A multiple of a step below one is not exact; the words must be.
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Beginnings of years, otherwise of months, otherwise evenly spread days: at most about nine inside the time. */
export function timeTicks(from: number, to: number): { at: number; text: string }[] {
  const years = (to - from) / yearMs;
  const [months, digits] = years > 2 ? [12 * Math.ceil(years / 8), 4] : [Math.ceil((years * 12) / 8), 7];
  const begin = new Date(from);
  const first =
    years > 2 ? Date.UTC(begin.getUTCFullYear(), 0) : Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth());
  const ticks: { at: number; text: string }[] = [];
  for (let index = 0; ticks.length < 12; index += 1) {
    const start = new Date(first);
    const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + index * months);
    if (at > to) break;
    if (at >= from) ticks.push({ at, text: new Date(at).toISOString().slice(0, digits) });
  }
  if (ticks.length > 1) return ticks;
  const spread = [0.05, 0.5, 0.95].map((part) => from + part * (to - from));
  return spread.map((at) => ({ at, text: new Date(at).toISOString().slice(0, 10) }));
}
