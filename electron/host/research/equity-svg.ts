// Draws the equity and its drawdown as SVG, for a page without scripts. Colours come from the page's style.
import type { BacktestReport } from '../../contract/backtest-report.ts';
import { MICROS_PER_USD } from '../../contract/money.ts';

type Points = BacktestReport['equity'];

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
}

const frame = { width: 960, left: 76, bottom: 22 } as const;
const lines = 4;

/** The equity in dollars over time. */
export function equitySvg(points: Points): string {
  const values = points.map(({ micros }) => micros / MICROS_PER_USD);
  return chart(
    'Equity',
    points,
    values,
    { ...frame, height: 280 },
    (value) => `$${round(value).toLocaleString('en')}`,
  );
}

/** The distance from the highest equity before, in percent. */
export function drawdownSvg(points: Points): string {
  let peak = Number.NEGATIVE_INFINITY;
  const values = points.map(({ micros }) => {
    peak = Math.max(peak, micros);
    return peak > 0 ? (micros / peak - 1) * 100 : 0;
  });
  return chart('Drawdown', points, values, { ...frame, height: 150 }, (value) => `${round(value)} %`);
}

function chart(
  title: string,
  points: Points,
  values: readonly number[],
  { width, height, left, bottom }: Frame,
  label: (value: number) => string,
): string {
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number): string =>
    (left + ((at - from) / Math.max(1, to - from)) * (width - left - 8)).toFixed(1);
  const y = (value: number): string =>
    (8 + ((high - value) / (high - low || 1)) * (height - bottom - 16)).toFixed(1);
  const grid = Array.from({ length: lines + 1 }, (_, index) => low + ((high - low) * index) / lines);
  const path = points.map(({ at }, index) => `${index === 0 ? 'M' : 'L'}${x(at)} ${y(values[index] ?? low)}`);
  const floor = y(title === 'Drawdown' ? high : low);
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    ...grid.map(
      (value) =>
        `<line class="grid" x1="${left}" x2="${width - 8}" y1="${y(value)}" y2="${y(value)}"/><text x="${left - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${label(value)}</text>`,
    ),
    `<path class="area" d="${path.join('')}L${x(to)} ${floor}L${x(from)} ${floor}Z"/>`,
    `<path class="line" d="${path.join('')}"/>`,
    `<text x="${left}" y="${height - 6}">${day(from)}</text>`,
    `<text x="${width - 8}" y="${height - 6}" text-anchor="end">${day(to)}</text>`,
    '</svg>',
  ].join('');
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
