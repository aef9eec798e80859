// Words for sweeps and walks. All of it is simulated.
import type { SweepAnswer } from '../../contract/backtest-sweep.ts';
import { formatMetric } from '../../contract/format-metric.ts';
import { backtestHead, day, printBacktest } from './print-backtest.ts';
import { table, type View } from './view.ts';

const shown = 10;

type Answer<K extends SweepAnswer['kind']> = Extract<SweepAnswer, { kind: K }>;

export function printSweep(answer: SweepAnswer, view: View): string {
  return answer.kind === 'sweep' ? printVariants(answer, view) : printWalk(answer, view);
}

function printVariants(answer: Answer<'sweep'>, view: View): string {
  const { paramNames, metricNames, variants, rank, combinations, trials, best, tookMs } = answer;
  const ran = variants.filter(({ refused }) => refused === null);
  const rows = table(
    ran.slice(0, shown),
    [
      ...paramNames.map((title, index) => ({
        title,
        cell: ({ params }: (typeof ran)[number]) => String(params[index] ?? ''),
        align: 'right' as const,
      })),
      ...metricNames.map((title, index) => ({
        title,
        cell: ({ metrics }: (typeof ran)[number]) =>
          formatMetric(metrics[index] ?? null, best.units[title] ?? ''),
        align: 'right' as const,
      })),
    ],
    view,
    'No variant was run.',
  );
  const refused = variants.find((variant) => variant.refused !== null)?.refused ?? '';
  return [
    printBacktest(best, view),
    '',
    `${view.colors.bold('Best of the grid')}, by ${rank}: ${trials.toLocaleString('en')} of ${combinations.toLocaleString('en')} combinations were run in ${tookMs.toFixed(0)} ms; the deflated Sharpe ratio counts every one.`,
    ...(combinations > trials ? [view.colors.dim(`Not run: ${refused}`)] : []),
    rows,
  ].join('\n');
}

function printWalk(answer: Answer<'walk'>, view: View): string {
  const { colors } = view;
  const { strategy, symbols, rank, status, steps, metrics, units, failedChecks, ruinedAt } = answer;
  const failed = failedChecks.map(({ name, betrayedAt }) =>
    betrayedAt === null ? name : `${name} at the bar of ${new Date(betrayedAt).toISOString()}`,
  );
  return [
    backtestHead(view),
    ...(status === 'failed'
      ? [colors.red(colors.bold(`FAILED  ${failed.join(', ')}: do not believe the figures`))]
      : []),
    ...(ruinedAt === null ? [] : [colors.red(`RUINED  all was lost on ${day(ruinedAt)}`)]),
    `${colors.bold(strategy)} on ${symbols.join(', ')}, walked forward in ${steps.length} steps by ${rank}; ${answer.trials.toLocaleString('en')} variants were run in ${answer.tookMs.toFixed(0)} ms`,
    '',
    table(
      steps,
      [
        { title: 'trained on', cell: ({ trainFrom, trainTo }) => `${day(trainFrom)} to ${day(trainTo)}` },
        { title: 'tested on', cell: ({ testFrom, testTo }) => `${day(testFrom)} to ${day(testTo)}` },
        {
          title: 'chose',
          cell: ({ params }) =>
            Object.entries(params)
              .map(([name, value]) => `${name} ${value}`)
              .join(', '),
        },
        {
          title: rank,
          cell: ({ trainScore }) => formatMetric(trainScore, units[rank] ?? ''),
          align: 'right',
        },
        {
          title: 'return in the test',
          cell: ({ testReturnPct }) => formatMetric(testReturnPct, '%'),
          align: 'right',
        },
      ],
      view,
      'No step was walked.',
    ),
    '',
    table(
      Object.entries(metrics),
      [
        { title: 'over all tests', cell: ([name]) => name },
        { title: 'value', cell: ([name, value]) => formatMetric(value, units[name] ?? ''), align: 'right' },
      ],
      view,
      'No metrics.',
    ),
  ].join('\n');
}
