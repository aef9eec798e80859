// Words for what agents earn and cost.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { PnlRow, reportPnl } from '../../contract/pnl.ts';
import { milliseconds, signedUsd, usd } from './format.ts';
import { simulated, table, type View } from './view.ts';

type Report = OutputOf<typeof reportPnl>;

export function printPnl(report: Report, view: View): string {
  const { agents, strategies, swarms, total, intentToOrder, orderToFill } = report;
  return [
    rowsTable('agent', agents, report, view),
    '',
    rowsTable('strategy', strategies, report, view),
    '',
    rowsTable('swarm', [...swarms, total], report, view),
    '',
    `Intent to order  P50 ${milliseconds(intentToOrder.p50Ms)}, P95 ${milliseconds(intentToOrder.p95Ms)} of ${intentToOrder.n}`,
    `Order to fill    P50 ${milliseconds(orderToFill.p50Ms)}, P95 ${milliseconds(orderToFill.p95Ms)} of ${orderToFill.n}`,
  ].join('\n');
}

function rowsTable(
  title: string,
  rows: readonly PnlRow[],
  { pnlSimulated, spendSimulated }: Report,
  view: View,
): string {
  return table(
    rows,
    [
      { title, cell: (row) => row.name },
      { title: 'fills', cell: (row) => String(row.fills), align: 'right' },
      {
        title: 'realised',
        cell: (row) => simulated(signedUsd(row.realisedMicros), pnlSimulated),
        align: 'right',
      },
      {
        title: 'unrealised',
        cell: (row) => simulated(signedUsd(row.unrealisedMicros), pnlSimulated),
        align: 'right',
      },
      { title: 'fees', cell: (row) => simulated(usd(row.feesMicros), pnlSimulated), align: 'right' },
      { title: 'sandboxes', cell: (row) => simulated(usd(row.infraMicros), spendSimulated), align: 'right' },
      {
        title: 'net',
        cell: (row) => simulated(signedUsd(row.netMicros), pnlSimulated || spendSimulated),
        align: 'right',
      },
    ],
    view,
    'No agents yet.',
  );
}
