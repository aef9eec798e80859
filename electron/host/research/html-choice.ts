// How the parameters were chosen, in the HTML report: the table of a sweep, the folds of a walk-forward.
import type { GridChoice, WalkForward } from '../../contract/backtest-choice.ts';
import type { BacktestReport } from '../../contract/backtest-report.ts';
import { formatMetric } from '../../contract/format-metric.ts';
import { metricTerm } from '../../contract/metric-terms.ts';
import { cell, day, escapeHtml, table } from './html-table.ts';

const shown = 100;

/** A section for a sweep or a walk-forward; empty for a plain run. */
export function choice(report: BacktestReport): string {
  if (report.grid) return gridSection(report.grid, report);
  return report.walk ? walkSection(report.walk, report) : '';
}

function gridSection(grid: GridChoice, { trials, units }: BacktestReport): string {
  const { rank, paramNames, metricNames, variants, combinations } = grid;
  const ran = variants.filter(({ refused }) => refused === null);
  const rows = ran
    .slice(0, shown)
    .map(({ params, metrics }) => [
      ...params.map((value) => cell(String(value), 'n')),
      ...metrics.map((value, index) => cell(formatMetric(value, units[metricNames[index] ?? ''] ?? ''), 'n')),
    ]);
  const first = ran.length > shown ? ` The first ${shown} of them.` : '';
  return `<h2>Sweep: the best of ${combinations.toLocaleString('en')} combinations</h2>
<p>By ${escapeHtml(metricTerm(rank))}; ${trials.toLocaleString('en')} were run, and the deflated Sharpe ratio counts every one.${first}</p>
${table([...paramNames, ...metricNames.map(metricTerm)], rows)}`;
}

function walkSection({ rank, folds, anchored }: WalkForward, { trials, units }: BacktestReport): string {
  const rows = folds.map(({ trainFrom, trainTo, testFrom, testTo, params, trainScore, testReturnPct }) => [
    cell(`${day(trainFrom)} to ${day(trainTo)}`),
    cell(`${day(testFrom)} to ${day(testTo)}`),
    cell(
      Object.entries(params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ),
    cell(formatMetric(trainScore, units[rank] ?? ''), 'n'),
    cell(formatMetric(testReturnPct, '%'), 'n'),
  ]);
  const from = anchored ? ', from the first bar on' : '';
  return `<h2>Walk-forward: ${folds.length} folds</h2>
<p>Parameters were chosen by ${escapeHtml(metricTerm(rank))} on each training stretch${from}, and judged on the bars after it; ${trials.toLocaleString('en')} variants were run. All figures are of the tests.</p>
${table(['trained on', 'tested on', 'chose', `${metricTerm(rank)} in training`, 'return in the test'], rows)}`;
}
