// Draws the equity and its drawdown as SVG, for a page without scripts. Colours come from the page's style.
import type { BacktestReport } from '../../contract/backtest-report.ts';
import { MICROS_PER_USD } from '../../contract/money.ts';
import { roundTicks, timeTicks } from './chart-ticks.ts';

type Points = BacktestReport['equity'];

interface Chart {
  readonly title: string;
  readonly height: number;
  readonly values: readonly number[];
  /** From where the area is filled. */
  readonly base: number;
  /** A value that is drawn across, for comparison. */
  readonly mark?: number;
  readonly label: (value: number) => string;
}

const [width, left, right, top, bottom] = [960, 76, 12, 10, 24];

/** The equity in dollars over time, with the cash at the start across. */
export function equitySvg(points: Points): string {
  const values = points.map(({ micros }) => micros / MICROS_PER_USD);
  return draw(points, {
    title: 'Equity',
    height: 290,
    values,
    base: Math.min(...values),
    ...(values[0] === undefined ? {} : { mark: values[0] }),
    label: (value) => `$${value.toLocaleString('en')}`,
  });
}

/** The distance from the highest equity before, in percent. */
export function drawdownSvg(points: Points): string {
  let peak = Number.NEGATIVE_INFINITY;
  const values = points.map(({ micros }) => {
    peak = Math.max(peak, micros);
    return peak > 0 ? (micros / peak - 1) * 100 : 0;
  });
  const label = (value: number): string => `${value.toLocaleString('en')} %`;
  return draw(points, { title: 'Drawdown', height: 150, values, base: 0, label });
}

function draw(points: Points, { title, height, values, base, mark, label }: Chart): string {
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const [low, high] = [Math.min(...values, mark ?? base), Math.max(...values, base)];
  const x = (at: number): string =>
    (left + ((at - from) / Math.max(1, to - from)) * (width - left - right)).toFixed(1);
  const y = (value: number): string =>
    (top + ((high - value) / (high - low || 1)) * (height - top - bottom)).toFixed(1);
  const path = points.map(({ at }, index) => `${index === 0 ? 'M' : 'L'}${x(at)} ${y(values[index] ?? low)}`);
  return [
    `<svg class="${title.toLowerCase()}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    ...roundTicks(low, high).map(
      (value) =>
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/><text x="${left - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${label(value)}</text>`,
    ),
    ...timeTicks(from, to).map(
      ({ at, text }) => `<text x="${x(at)}" y="${height - 6}" text-anchor="middle">${text}</text>`,
    ),
    mark === undefined
      ? ''
      : `<line class="mark" x1="${left}" x2="${width - right}" y1="${y(mark)}" y2="${y(mark)}"/>`,
    `<path class="area" d="${path.join('')}L${x(to)} ${y(base)}L${x(from)} ${y(base)}Z"/>`,
    `<path class="line" d="${path.join('')}"/>`,
    '</svg>',
  ].join('');
}
