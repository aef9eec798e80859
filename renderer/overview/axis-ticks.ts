// Round positions for axis ticks.

/** Multiples of 1, 2 or 5 times a power of ten, from 0 up to `max`, about `wanted` of them. */
export function valueTicks(max: number, wanted: number): number[] {
  if (!(max > 0)) return [0];
  const rough = max / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = 0; index * step <= max * 1.0001; index += 1) ticks.push(index * step);
  return ticks;
}

/** Instants `stepMs` apart from `start` to `end`, aligned to `origin`. */
export function timeTicks(start: number, end: number, stepMs: number, origin = 0): number[] {
  const first = origin + Math.ceil((start - origin) / stepMs) * stepMs;
  const ticks: number[] = [];
  for (let at = first; at <= end; at += stepMs) ticks.push(at);
  return ticks;
}
