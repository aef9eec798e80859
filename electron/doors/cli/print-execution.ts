// Words for what a round of execute answers.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { executeStrategy, RoundOutcome } from '../../contract/execute.ts';
import { shares, span } from './format.ts';
import { table, type View } from './view.ts';

export function printExecution({ decisions, orders }: OutputOf<typeof executeStrategy>, view: View): string {
  const made = table(
    decisions,
    [
      { title: 'agent', cell: (decision) => decision.agentId },
      { title: 'symbol', cell: (decision) => decision.symbol },
      { title: 'last decision', cell: (decision) => decision.action ?? 'none yet' },
      {
        title: 'made',
        cell: ({ decidedAt }) => (decidedAt === null ? '' : `${span(view.now - decidedAt)} ago`),
        align: 'right',
      },
      { title: 'held', cell: (decision) => shares(decision.positionNanos), align: 'right' },
      {
        title: 'wanted',
        cell: ({ targetNanos }) => (targetNanos === null ? 'not said' : shares(targetNanos)),
        align: 'right',
      },
      { title: 'reason', cell: (decision) => decision.reason },
    ],
    view,
    'No decisions.',
  );
  const sent = table(
    orders,
    [
      { title: 'symbol', cell: (order) => order.symbol },
      { title: 'order', cell: ({ outcome }) => orderWords(outcome) },
      { title: 'outcome', cell: ({ outcome }) => paintCode(outcome, view) },
      {
        title: 'detail',
        cell: ({ outcome }) => (outcome.kind === 'approved' ? outcome.clientOrderId : outcome.detail),
      },
    ],
    view,
    'No symbols.',
  );
  return `${made}\n\n${sent}`;
}

function orderWords(outcome: RoundOutcome): string {
  return outcome.kind === 'none' ? 'none' : `${outcome.side} ${shares(outcome.qtyNanos)}`;
}

function paintCode(outcome: RoundOutcome, { colors }: View): string {
  if (outcome.kind === 'approved') return colors.green('APPROVED');
  return outcome.kind === 'denied' ? colors.yellow(outcome.code) : outcome.code;
}
