// A backtest as one HTML file: no script, nothing fetched, every text escaped.
import type { BacktestReport } from '../../contract/backtest-report.ts';
import { describeProblem } from '../../contract/describe-problem.ts';
import { formatMetric } from '../../contract/format-metric.ts';
import { checkTerm, keyMetrics, metricTerm, inTerms } from '../../contract/metric-terms.ts';
import { formatDecimal } from '../../contract/money.ts';
import { drawdownSvg, equitySvg } from './equity-svg.ts';
import { choice } from './html-choice.ts';
import { cell, day, escapeHtml, table, time } from './html-table.ts';
import { reportStyle } from './report-style.ts';

const originWords = {
  file: 'as given',
  sample: 'real, shipped sample',
  broker: 'real, from the broker',
  demo: 'SIMULATED, demo market',
  simulator: 'SIMULATED, market simulator',
} as const satisfies Record<BacktestReport['data'][number]['origin'], string>;

/** Builds the whole page. */
export function htmlReport(report: BacktestReport): string {
  const title = `${report.strategy} on ${report.symbols.join(', ')}`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Backtest: ${escapeHtml(title)}</title><style>${reportStyle}</style></head><body>`,
    '<span class="label">BACKTEST, SIMULATED RESULT</span>',
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(describe(report))}</p>`,
    verdict(report),
    `<div class="key">${keyMetrics.map((name) => `<div><span>${metricTerm(name)}</span><b>${figure(report, name)}</b></div>`).join('')}</div>`,
    '<h2>Equity</h2>',
    equitySvg(report.equity),
    '<h2>Drawdown</h2>',
    drawdownSvg(report.equity),
    choice(report),
    '<h2>Checks</h2>',
    checks(report),
    '<h2>Metrics</h2>',
    metrics(report),
    '<h2>Assumptions</h2>',
    assumptions(report),
    agents(report),
    `<h2>Trades</h2>${trades(report)}`,
    '<h2>Data</h2>',
    data(report),
    `<footer>Simulated on past data: no queue, no partial fills, no halts, no dividends. What a backtest earned is no promise. Digest ${escapeHtml(report.hash)}, backtest ${escapeHtml(report.id)} of ${time(report.at)} UTC.</footer>`,
    '</body></html>\n',
  ].join('\n');
}

function describe(report: BacktestReport): string {
  const params = wordsOf(report.params);
  return `${day(report.firstAt)} to ${day(report.lastAt)}, ${report.bars.toLocaleString('en')} bars${params === '' ? '' : `; ${params}`}`;
}

function verdict({ checks: all, ruinedAt }: BacktestReport): string {
  const failed = all.filter((check) => !check.passed).map(({ name }) => checkTerm(name));
  const ruined = ruinedAt === null ? '' : `<p class="failed">All was lost on ${time(ruinedAt)} UTC.</p>`;
  if (failed.length === 0) return ruined;
  return `<p class="failed">FAILED: ${escapeHtml(failed.join(', '))}. The figures below are not to be believed.</p>${ruined}`;
}

function checks({ checks: all }: BacktestReport): string {
  const rows = all.map(({ name, passed, detail, betrayedAt }) => [
    cell(checkTerm(name)),
    `<td class="${passed ? 'good' : 'bad'}">${passed ? 'passed' : 'FAILED'}</td>`,
    cell(
      betrayedAt === null
        ? inTerms(detail)
        : `${inTerms(detail)}; betrayed by the bar of ${time(betrayedAt)} UTC`,
    ),
  ]);
  return table(['check', 'result', 'what was looked at'], rows);
}

function metrics(report: BacktestReport): string {
  const rows = Object.keys(report.metrics).map((name) => [
    cell(metricTerm(name)),
    `<td class="n">${figure(report, name)}</td>`,
    cell(inTerms(report.definitions[name] ?? ''), 'dim'),
  ]);
  return table(['metric', 'value', 'definition'], rows);
}

function figure({ metrics: values, units, undefinedBecause }: BacktestReport, name: string): string {
  const value = values[name];
  if (value === null || value === undefined)
    return `<span class="dim" title="${escapeHtml(undefinedBecause[name] ?? '')}">not defined</span>`;
  return formatMetric(value, units[name] ?? '');
}

function assumptions({ setup, denials, missedLimits, trials }: BacktestReport): string {
  const settings = Object.entries(setup).map(([name, value]) => [
    cell(name),
    cell(String(value ?? 'default')),
  ]);
  const refused = Object.entries(denials).map(([code, count]) => [
    cell(`orders refused, ${code}`),
    cell(String(count)),
  ]);
  return table(
    ['setting', 'value'],
    [
      ...settings,
      ...refused,
      [cell('limit orders not reached'), cell(String(missedLimits))],
      [cell('variants run to choose this one'), cell(String(trials))],
    ],
  );
}

/** What each agent of a swarm earned in each symbol. */
function agents({ agents: all }: BacktestReport): string {
  if (all.length < 2) return '';
  const rows = all.flatMap(({ id, params, books }) =>
    books.map(({ symbol, initialMicros, pnlMicros, feesMicros }) => [
      cell(id),
      cell(symbol),
      cell(formatMetric(initialMicros / 1e6, 'usd'), 'n'),
      cell(formatMetric(pnlMicros / 1e6, 'usd'), `n ${pnlMicros < 0 ? 'bad' : 'good'}`),
      cell(formatMetric(feesMicros / 1e6, 'usd'), 'n'),
      cell(wordsOf(params), 'dim'),
    ]),
  );
  return `<h2>Agents</h2>${table(['agent', 'symbol', 'cash', 'PnL', 'fees', 'parameters'], rows)}`;
}

function wordsOf(params: Readonly<Record<string, number>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function trades({ trades: listed, tradeCount }: BacktestReport): string {
  if (listed.length === 0) return '<p>No trade was closed.</p>';
  const rows = listed.map((trade) => [
    cell(trade.agentId),
    cell(trade.symbol),
    cell(trade.side),
    cell(formatDecimal(trade.qtyNanos, 9), 'n'),
    cell(time(trade.entryAt)),
    cell(formatDecimal(trade.entryTicks, 4), 'n'),
    cell(time(trade.exitAt)),
    cell(formatDecimal(trade.exitTicks, 4), 'n'),
    cell(formatMetric(trade.pnlMicros / 1e6, 'usd'), `n ${trade.pnlMicros < 0 ? 'bad' : 'good'}`),
    cell(formatMetric(trade.returnPct, '%'), 'n'),
    cell(`${trade.entryReason}; ${trade.exitReason}`, 'dim'),
  ]);
  const more = tradeCount > listed.length ? `<p>The first ${listed.length} of ${tradeCount}.</p>` : '';
  const head = [
    'agent',
    'symbol',
    'side',
    'shares',
    'entry',
    'price',
    'exit',
    'price',
    'PnL',
    'return',
    'why in; why out',
  ];
  return `${more}${table(head, rows)}`;
}

function data({ data: sources }: BacktestReport): string {
  const rows = sources.map((source) => [
    cell(source.symbol),
    cell(source.source),
    cell(originWords[source.origin]),
    cell(`${source.bars.toLocaleString('en')} bars, ${day(source.firstAt)} to ${day(source.lastAt)}`),
    cell(source.problems.map(describeProblem).join('. ') || 'nothing'),
    cell(source.barsSha256, 'dim'),
  ]);
  return table(['symbol', 'source', 'prices', 'used', 'found on import', 'SHA-256 of the bars'], rows);
}
