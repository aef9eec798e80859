// Words for the dead-man lease: what renews it, what is left of it, and what its firings did.
import type { DeadManFiring, DeadManGauge, drillDeadMan, showDeadMan } from '../../contract/dead-man.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import { milliseconds, span } from './format.ts';
import { table, type View } from './view.ts';

export function printDeadMan(board: OutputOf<typeof showDeadMan>, view: View): string {
  const { colors } = view;
  return [
    `Lease    ${leaseWords(board, view)}`,
    `Entries  ${board.blocking ? colors.red('blocked by it until: neural-trader unblock') : 'not blocked by it'}`,
    `Fired    ${board.lastFiring ? firingWords(board.lastFiring, view) : 'never on this account'}`,
    `Drill    ${board.lastDrill ? firingWords(board.lastDrill, view) : 'never on this account'}`,
    '',
    table(
      board.facts,
      [
        { title: 'fact', cell: ({ name }) => name },
        { title: 'state', cell: ({ ok }) => (ok ? colors.green('confirmed') : colors.red('not confirmed')) },
        { title: 'detail', cell: ({ detail }) => detail },
        {
          title: 'bound',
          cell: ({ boundMs }) => (boundMs === null ? '' : milliseconds(boundMs)),
          align: 'right',
        },
      ],
      view,
      'Nothing was looked at yet.',
    ),
    '',
    'A host process that was killed cannot act: what must not outlive it has to be a DAY order.',
  ].join('\n');
}

export function printDrill(drill: OutputOf<typeof drillDeadMan>, view: View): string {
  const { outcome } = drill;
  return [
    `DRILL    ${firingWords(drill, view)}`,
    ...(outcome?.orders ?? []).map(({ label, status }) => `Order    ${label}: ${status}`),
    '',
    'New risk stays blocked until: neural-trader unblock',
  ].join('\n');
}

function leaseWords({ phase, leaseS, remainingMs, drilling }: DeadManGauge, { colors }: View): string {
  const left = remainingMs === null ? '' : `, ${(remainingMs / 1_000).toFixed(1)} s left`;
  switch (phase) {
    case 'waiting':
      return colors.yellow(
        `none of ${leaseS} s yet: waits for the first confirmation; nothing may be opened`,
      );
    case 'held':
      return colors.green(`${leaseS} s, renewed`);
    case 'lapsing':
      return colors.yellow(`${leaseS} s, NOT renewed${drilling ? ' (drill)' : ''}${left}`);
    case 'expired':
      return colors.red(`${leaseS} s, run out`);
  }
}

function firingWords({ at, reasons, outcome }: DeadManFiring, { colors, now }: View): string {
  const when = `${span(Math.max(0, now - at))} ago, ${reasons.join('; ')}`;
  if (!outcome) return `${when}: ${colors.yellow('cancelling')}`;
  if (!outcome.confirmed)
    return `${when}: ${colors.red(`NOT confirmed: ${outcome.failure ?? 'the broker gave no answer'}`)}`;
  const count = outcome.orders.length === 1 ? '1 order' : `${outcome.orders.length} orders`;
  return `${when}: ${count}, nothing open ${milliseconds(outcome.tookMs)} after the lease ran out, confirmed to the ${outcome.by ?? 'host'}`;
}
