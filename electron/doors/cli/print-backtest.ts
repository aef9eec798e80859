// Words for what the operations on backtests answer. Every one says that its figures are simulated.
import type { BacktestReport, BacktestTrade } from '../../contract/backtest-report.ts';
import type { compareBacktests, exportBacktest, listBacktests } from '../../contract/backtest.ts';
import { describeProblem } from '../../contract/describe-problem.ts';
import { metricTerm } from '../../contract/metric-terms.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import { dayOf, metric, price, shares, signedUsd } from './format.ts';
import { choiceLines } from './print-choice.ts';
import { table, type View } from './view.ts';

const metricColumns = 3;
const shownTrades = 3;

export function printBacktest(report: BacktestReport, view: View): string {
  const { colors } = view;
  const failed = report.checks.filter((check) => !check.passed);
  const verdict =
    failed.length === 0
      ? []
      : [
          colors.red(
            colors.bold(`FAILED  ${failed.map(({ name }) => name).join(', ')}: do not believe the figures`),
          ),
        ];
  const ruined =
    report.ruinedAt === null ? [] : [colors.red(`RUINED  all was lost on ${dayOf(report.ruinedAt)}`)];
  return [
    backtestHead(view),
    ...verdict,
    ...ruined,
    `${colors.bold(report.strategy)} on ${report.symbols.join(', ')}, ${dayOf(report.firstAt)} to ${dayOf(report.lastAt)}`,
    ...wordsOfAgents(report),
    `${wordsOfCosts(report.setup)}; ${report.bars.toLocaleString('en')} bars in ${report.tookMs.toFixed(0)} ms, checks included`,
    ...wordsOfData(report),
    ...choiceLines(report, view),
    '',
    printMetrics(report, view),
    '',
    printChecks(report, view),
    ...denialLines(report),
    '',
    printTrades(report.trades, view),
    '',
    colors.dim(`Kept as ${report.id}. Report: neural-trader backtest-export ${report.id} --file report.html`),
  ].join('\n');
}

export function printBacktests({ backtests }: OutputOf<typeof listBacktests>, view: View): string {
  const rows = table(
    backtests,
    [
      { title: 'id', cell: ({ id }) => id },
      { title: 'method', cell: ({ method }) => method },
      { title: 'strategy', cell: ({ strategy }) => strategy },
      { title: 'symbols', cell: ({ symbols }) => symbols.join(',') },
      { title: 'period', cell: ({ firstAt, lastAt }) => `${dayOf(firstAt)} to ${dayOf(lastAt)}` },
      { title: 'return', cell: ({ returnPct }) => metric(returnPct, '%'), align: 'right' },
      { title: 'sharpe', cell: ({ sharpe }) => metric(sharpe, 'ratio'), align: 'right' },
      { title: 'drawdown', cell: ({ maxDrawdownPct }) => metric(maxDrawdownPct, '%'), align: 'right' },
      { title: 'trades', cell: ({ tradeCount }) => String(tradeCount), align: 'right' },
      { title: 'checks', cell: ({ status }) => paintStatus(status, view) },
    ],
    view,
    'No backtests are kept.',
  );
  return `${backtestHead(view)}\n${rows}`;
}

export function printComparison(
  { backtests, differences, metrics }: OutputOf<typeof compareBacktests>,
  view: View,
): string {
  const ids = backtests.map(({ id }, index) => ({ id, index }));
  const setups = table(
    differences,
    [
      { title: 'differs', cell: ({ setting }) => setting },
      ...ids.map(({ id, index }) => ({
        title: id,
        cell: ({ values }: (typeof differences)[number]) => values[index] ?? '',
      })),
    ],
    view,
    'The setups do not differ.',
  );
  const figures = table(
    metrics,
    [
      { title: 'metric', cell: ({ name }) => metricTerm(name) },
      ...ids.map(({ id, index }) => ({
        title: id,
        cell: ({ values, unit }: (typeof metrics)[number]) => metric(values[index] ?? null, unit),
        align: 'right' as const,
      })),
    ],
    view,
    'No metrics.',
  );
  const failed = backtests.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const warning = failed.length === 0 ? [] : [view.colors.red(`FAILED their checks: ${failed.join(', ')}`)];
  return [backtestHead(view), ...warning, setups, '', figures].join('\n');
}

export function printExport(
  { id, format, file, sizeBytes }: OutputOf<typeof exportBacktest>,
  view: View,
): string {
  return `${backtestHead(view)}\nWrote backtest ${id} as ${format}, ${sizeBytes.toLocaleString('en')} bytes: ${file}`;
}

/** The first line: what follows is simulated. */
function backtestHead({ colors }: View): string {
  return `${colors.bold(colors.cyan('BACKTEST'))}  ${colors.dim('simulated on past data; what it earned is no promise')}`;
}

function printMetrics({ metrics, units }: BacktestReport, view: View): string {
  const all = Object.entries(metrics).map(([name, value]) => ({
    name: metricTerm(name),
    text: metric(value, units[name] ?? ''),
  }));
  const height = Math.ceil(all.length / metricColumns);
  const rows = Array.from({ length: height }, (_, row) =>
    Array.from({ length: metricColumns }, (__, column) => all[column * height + row]),
  );
  const columns = Array.from({ length: metricColumns }, (_, column) => [
    { title: 'metric', cell: (row: (typeof rows)[number]) => row[column]?.name ?? '' },
    {
      title: 'value',
      cell: (row: (typeof rows)[number]) => row[column]?.text ?? '',
      align: 'right' as const,
    },
  ]);
  return table(rows, columns.flat(), view, 'No metrics.');
}

function printChecks({ checks }: BacktestReport, view: View): string {
  return table(
    checks,
    [
      { title: 'check', cell: ({ name }) => name },
      { title: 'result', cell: ({ passed }) => paintStatus(passed ? 'passed' : 'failed', view) },
      {
        title: 'looked at',
        cell: ({ detail, betrayedAt }) =>
          betrayedAt === null ? detail : `${detail}; bar of ${new Date(betrayedAt).toISOString()}`,
      },
    ],
    view,
    'No checks.',
  );
}

function denialLines({ denials, missedLimits }: BacktestReport): string[] {
  const refused = Object.entries(denials).map(([code, times]) => `${times} ${code}`);
  return [
    ...(refused.length === 0 ? [] : [`Orders refused by the gate: ${refused.join(', ')}`]),
    ...(missedLimits === 0 ? [] : [`Limit orders that were not reached: ${missedLimits}`]),
  ];
}

function printTrades(trades: readonly BacktestTrade[], view: View): string {
  const ranked = [...trades].sort((one, other) => other.pnlMicros - one.pnlMicros);
  const best = ranked.slice(0, shownTrades).map((trade) => ({ rank: 'best', trade }));
  const worst = ranked
    .slice(Math.max(shownTrades, ranked.length - shownTrades))
    .map((trade) => ({ rank: 'worst', trade }));
  return table(
    [...best, ...worst],
    [
      { title: 'trade', cell: ({ rank }) => rank },
      { title: 'symbol', cell: ({ trade }) => trade.symbol },
      { title: 'side', cell: ({ trade }) => trade.side },
      { title: 'shares', cell: ({ trade }) => shares(trade.qtyNanos), align: 'right' },
      { title: 'entry', cell: ({ trade }) => `${dayOf(trade.entryAt)} ${price(trade.entryTicks)}` },
      { title: 'exit', cell: ({ trade }) => `${dayOf(trade.exitAt)} ${price(trade.exitTicks)}` },
      { title: 'pnl, simulated', cell: ({ trade }) => signedUsd(trade.pnlMicros), align: 'right' },
      { title: 'return', cell: ({ trade }) => metric(trade.returnPct, '%'), align: 'right' },
    ],
    view,
    'No trade was closed.',
  );
}

function wordsOfAgents({ agents, walk }: BacktestReport): string[] {
  if (walk) return ['parameters chosen anew in each fold'];
  return agents.map(({ id, symbols, params, books }) => {
    if (agents.length === 1) return wordsOfParams(params);
    const pnl = books.reduce((sum, book) => sum + book.pnlMicros, 0);
    return `  ${id} on ${symbols.join(', ')}: ${signedUsd(pnl)} realised; ${wordsOfParams(params)}`;
  });
}

const originWords = {
  file: 'a given file',
  sample: 'the shipped sample of the S&P 500 index, real prices',
  broker: 'fetched from the broker',
  demo: 'fetched from the demo market, SIMULATED prices',
  simulator: 'made by the market simulator, SIMULATED prices',
} as const satisfies Record<BacktestReport['data'][number]['origin'], string>;

function wordsOfData({ data }: BacktestReport): string[] {
  return data.flatMap(({ symbol, source, origin, bars, barsSha256, problems }) => [
    `Data of ${symbol}: ${source}, ${originWords[origin]}, ${bars.toLocaleString('en')} bars, SHA-256 ${barsSha256.slice(0, 12)}`,
    ...problems.map((problem) => `  ${describeProblem(problem)}`),
  ]);
}

function wordsOfParams(params: Readonly<Record<string, number>>): string {
  const words = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? 'no parameters' : words.join(', ');
}

/** A backtest without costs flatters; it says so. */
function wordsOfCosts(setup: BacktestReport['setup']): string {
  const costs = [
    ['commissionBps', 'commission', 'bps'],
    ['commissionPerShare', 'commission', 'USD a share'],
    ['spreadBps', 'spread', 'bps'],
    ['slippageBps', 'slippage', 'bps'],
    ['impactBps', 'impact', 'bps'],
    ['borrowBps', 'borrowing', 'bps a year'],
  ].flatMap(([name = '', title, unit]) =>
    Number(setup[name] ?? 0) > 0 ? [`${title} ${setup[name]} ${unit}`] : [],
  );
  return `Cash $${Number(setup['cash']).toLocaleString('en')}; ${costs.length === 0 ? 'NO COSTS assumed' : costs.join(', ')}`;
}

function paintStatus(status: 'passed' | 'failed', { colors }: View): string {
  return status === 'passed' ? colors.green('passed') : colors.red(colors.bold('FAILED'));
}
