// Words for what the operations on latency, spend and the host answer.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { hostHealth, hostShutdown, slaBoard, spendToday } from '../../contract/watch.ts';
import { milliseconds, percent, span, usd } from './format.ts';
import { simulated, table, type View } from './view.ts';

export function printSla({ windowS, rows }: OutputOf<typeof slaBoard>, view: View): string {
  const { colors } = view;
  const board = table(
    rows,
    [
      { title: 'operation', cell: (row) => row.operation },
      { title: 'n', cell: (row) => String(row.n), align: 'right' },
      { title: 'failed', cell: (row) => String(row.failed), align: 'right' },
      { title: 'p50', cell: (row) => milliseconds(row.p50Ms), align: 'right' },
      { title: 'p95', cell: (row) => paintP95(row, view), align: 'right' },
      { title: 'p99', cell: (row) => milliseconds(row.p99Ms), align: 'right' },
      { title: 'target p95', cell: (row) => milliseconds(row.targetMs), align: 'right' },
      { title: 'within', cell: (row) => percent(row.withinTarget), align: 'right' },
    ],
    view,
    'No operation has a target.',
  );
  return `Last ${span(windowS * 1_000)}\n\n${board}\n\n${colors.dim('P95 needs 20 samples, P99 needs 100.')}`;
}

/** Red above the target, plain within it or while not measured. */
export function paintP95(
  row: { readonly p95Ms: number | null; readonly targetMs: number },
  { colors }: Pick<View, 'colors'>,
): string {
  const text = milliseconds(row.p95Ms);
  return row.p95Ms !== null && row.p95Ms > row.targetMs ? colors.red(text) : text;
}

export function printSpend(spend: OutputOf<typeof spendToday>, { colors }: View): string {
  const amount = (micros: number): string => simulated(usd(micros), spend.simulated);
  const over = spend.forecastMicros > spend.budgetMicros;
  const forecast = amount(spend.forecastMicros);
  return [
    `Day       ${spend.day} in ${spend.timeZone}`,
    `Spent     ${amount(spend.accruedMicros)} of ${usd(spend.budgetMicros)}`,
    `Reserved  ${amount(spend.reservedMicros)} for leases, ${usd(spend.exitReserveMicros)} kept back for winding down`,
    `Rate      ${amount(spend.ratePerHourMicros)} an hour`,
    `Forecast  ${over ? colors.yellow(`${forecast}, over the budget`) : forecast} by the end of the day`,
    `Prices    ${spend.rateCard}`,
  ].join('\n');
}

export function printHealth(health: OutputOf<typeof hostHealth>, view: View): string {
  const { colors } = view;
  return [
    `${health.healthy ? colors.green('Healthy') : colors.red('Not healthy')}. Host ${health.version}, pid ${health.pid}, up ${span(health.uptimeMs)}, ${health.runtime}`,
    `Data in ${health.dataDir}; event loop delay P99 ${milliseconds(health.loopDelayP99Ms)}`,
    '',
    table(
      health.checks,
      [
        { title: 'check', cell: (check) => check.name },
        { title: 'state', cell: (check) => (check.ok ? colors.green('ok') : colors.red('wrong')) },
        { title: 'detail', cell: (check) => check.detail },
      ],
      view,
      'Nothing was checked.',
    ),
  ].join('\n');
}

export function printShutdown({ pid }: OutputOf<typeof hostShutdown>): string {
  return `The host (pid ${pid}) has stopped its agents, ended its sandboxes and shut down.`;
}
