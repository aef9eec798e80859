// The monitor's words: a screen on a terminal, a line elsewhere.
import { isMoneySimulated } from '../../contract/simulated.ts';
import { count, milliseconds, percent, price, shares, signedUsd, span, usd } from './format.ts';
import type { MonitorSummary } from './monitor-summary.ts';
import { armedWords } from './print-account.ts';
import { marketWords, paintEntries, paintState } from './print-swarm.ts';
import { paintP95 } from './print-watch.ts';
import { describeWork } from './show-progress.ts';
import { modeLine, simulated, table, type View } from './view.ts';

/** The whole screen. */
export function monitorScreen(summary: MonitorSummary, colors: View['colors']): string {
  return [
    modeLine({ colors, mode: summary.mode }),
    `Market   ${marketWords(summary.market)}`,
    `Entries  ${paintEntries(summary.entries, { colors })}`,
    ...(summary.mode === 'live'
      ? [`Armed    ${armedWords(summary.armedUntil, { colors, now: summary.at })}`]
      : []),
    `Swarm    ${counts(summary)}`,
    `Spend    ${spend(summary)}${summary.spend.ratePerHourMicros === null ? '' : `, ${usd(summary.spend.ratePerHourMicros)} an hour`}`,
    `PnL      ${pnl(summary)}`,
    ...summary.work.map((work) => `Work     ${describeWork(work)}`),
    '',
    agents(summary, colors),
    '',
    latency(summary, colors),
    '',
    lastFills(summary, colors),
  ].join('\n');
}

/** One line with a timestamp in UTC. */
export function monitorLine(summary: MonitorSummary): string {
  const entries = summary.entries === 'open' ? 'entries open' : `entries ${summary.entries.toUpperCase()}`;
  return `${new Date(summary.at).toISOString()} ${summary.mode.toUpperCase()} ${entries}; ${counts(summary)}; spend ${spend(summary)}; PnL ${pnl(summary)}`;
}

function counts({ alive, sandboxes, orders, fills, denied }: MonitorSummary): string {
  return `${count(alive, 'agent')} alive in ${count(sandboxes, 'sandbox')}; ${count(orders, 'order')}, ${count(fills, 'fill')}, ${denied} denied`;
}

function spend({ spend: { accruedMicros, budgetMicros, simulated: isSimulated } }: MonitorSummary): string {
  return `${simulated(usd(accruedMicros), isSimulated === true)} of ${usd(budgetMicros)}`;
}

function pnl({ pnl: measured, mode }: MonitorSummary): string {
  if (!measured) return 'not measured';
  return simulated(
    `${signedUsd(measured.realisedMicros)} realised, ${signedUsd(measured.unrealisedMicros)} unrealised`,
    isMoneySimulated(mode),
  );
}

function agents(summary: MonitorSummary, colors: View['colors']): string {
  return table(
    summary.agents,
    [
      { title: 'agent', cell: (agent) => agent.agentId },
      { title: 'state', cell: (agent) => paintState(agent.state, { colors }) },
      { title: 'symbols', cell: (agent) => agent.symbols.join(',') },
      { title: 'fills', cell: (agent) => String(agent.fills), align: 'right' },
      {
        title: isMoneySimulated(summary.mode) ? 'pnl, simulated' : 'pnl',
        cell: (agent) =>
          agent.unrealisedMicros === null
            ? 'not measured'
            : signedUsd(agent.realisedMicros + agent.unrealisedMicros),
        align: 'right',
      },
      {
        title: 'heard',
        cell: (agent) => (agent.heartbeatAgeMs === null ? 'never' : `${span(agent.heartbeatAgeMs)} ago`),
        align: 'right',
      },
    ],
    { colors },
    'No agents.',
  );
}

function latency({ sla }: MonitorSummary, colors: View['colors']): string {
  return table(
    sla,
    [
      { title: 'operation', cell: (row) => row.operation },
      { title: 'n', cell: (row) => String(row.n), align: 'right' },
      { title: 'p50', cell: (row) => milliseconds(row.p50Ms), align: 'right' },
      { title: 'p95', cell: (row) => paintP95(row, { colors }), align: 'right' },
      { title: 'target p95', cell: (row) => milliseconds(row.targetMs), align: 'right' },
      { title: 'within', cell: (row) => percent(row.withinTarget), align: 'right' },
    ],
    { colors },
    'Latency: not measured yet.',
  );
}

function lastFills({ lastFills: fills, mode, at }: MonitorSummary, colors: View['colors']): string {
  return table(
    fills,
    [
      { title: 'fill', cell: (fill) => `${span(at - fill.at)} ago` },
      { title: 'side', cell: (fill) => fill.side },
      { title: 'shares', cell: (fill) => shares(fill.qtyNanos), align: 'right' },
      { title: 'symbol', cell: (fill) => fill.symbol },
      {
        title: isMoneySimulated(mode) ? 'price, simulated' : 'price',
        cell: (fill) => price(fill.priceTicks),
        align: 'right',
      },
      { title: 'agents', cell: (fill) => fill.agentIds.join(', ') },
    ],
    { colors },
    'No fills yet.',
  );
}
