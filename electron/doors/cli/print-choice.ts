// Words for how the parameters of a backtest were chosen: the table of a sweep, the folds of a walk-forward.
import type { GridChoice, WalkForward } from '../../contract/backtest-choice.ts';
import type { BacktestReport } from '../../contract/backtest-report.ts';
import { metricTerm } from '../../contract/metric-terms.ts';
import { dayOf, metric } from './format.ts';
import { table, type View } from './view.ts';

const shown = 10;

/** Lines for a sweep or a walk-forward; none for a plain run. */
export function choiceLines(report: BacktestReport, view: View): string[] {
  return [
    ...(report.grid ? gridLines(report.grid, report, view) : []),
    ...(report.walk ? walkLines(report.walk, report, view) : []),
  ];
}

function gridLines(grid: GridChoice, { trials, units }: BacktestReport, view: View): string[] {
  const { paramNames, metricNames, variants, rank, combinations, tookMs } = grid;
  const ran = variants.filter(({ refused }) => refused === null);
  const refused = variants.find((variant) => variant.refused !== null)?.refused ?? '';
  return [
    '',
    `${view.colors.bold('Best of the grid')}, by ${metricTerm(rank)}: ${trials.toLocaleString('en')} of ${combinations.toLocaleString('en')} combinations were run in ${tookMs.toFixed(0)} ms; the deflated Sharpe ratio counts every one.`,
    ...(combinations > trials ? [view.colors.dim(`Not run: ${refused}`)] : []),
    table(
      ran.slice(0, shown),
      [
        ...paramNames.map((title, index) => ({
          title,
          cell: ({ params }: (typeof ran)[number]) => String(params[index] ?? ''),
          align: 'right' as const,
        })),
        ...metricNames.map((name, index) => ({
          title: metricTerm(name),
          cell: ({ metrics }: (typeof ran)[number]) => metric(metrics[index] ?? null, units[name] ?? ''),
          align: 'right' as const,
        })),
      ],
      view,
      'No variant was run.',
    ),
  ];
}

function walkLines({ rank, folds, anchored }: WalkForward, report: BacktestReport, view: View): string[] {
  const { trials, units, tookMs } = report;
  return [
    '',
    `${view.colors.bold('Walked forward')} in ${folds.length} folds by ${metricTerm(rank)}${anchored ? ', each training from the first bar on' : ''}; ${trials.toLocaleString('en')} variants were run in ${tookMs.toFixed(0)} ms. The figures are of the tests.`,
    table(
      folds,
      [
        { title: 'trained on', cell: ({ trainFrom, trainTo }) => `${dayOf(trainFrom)} to ${dayOf(trainTo)}` },
        { title: 'tested on', cell: ({ testFrom, testTo }) => `${dayOf(testFrom)} to ${dayOf(testTo)}` },
        {
          title: 'chose',
          cell: ({ params }) =>
            Object.entries(params)
              .map(([name, value]) => `${name} ${value}`)
              .join(', '),
        },
        {
          title: metricTerm(rank),
          cell: ({ trainScore }) => metric(trainScore, units[rank] ?? ''),
          align: 'right',
        },
        {
          title: 'return in the test',
          cell: ({ testReturnPct }) => metric(testReturnPct, '%'),
          align: 'right',
        },
      ],
      view,
      'No fold was walked.',
    ),
  ];
}
