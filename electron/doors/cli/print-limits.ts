// Words for the risk limits: value, range and what each bounds.
import type { OutputOf } from '../../contract/define-operation.ts';
import { limitRange, limitValue, limitWords } from '../../contract/limit-catalogue.ts';
import type { showLimits } from '../../contract/limits.ts';
import { span } from './format.ts';
import { table, type View } from './view.ts';

export function printLimits(board: OutputOf<typeof showLimits>, view: View): string {
  const { colors, now } = view;
  const changed = board.changed
    ? `Changed by ${board.changed.actor} ${span(now - board.changed.at)} ago.`
    : 'These are the defaults.';
  return [
    ...(board.breach === null ? [] : [colors.red(`Positions only shrink: ${board.breach}`), '']),
    table(
      board.limits,
      [
        { title: 'limit', cell: ({ name }) => name },
        {
          title: 'value',
          cell: ({ name, value, default: usual }) => {
            const words = limitWords(name, limitValue(name, value));
            return value === usual ? words : colors.bold(words);
          },
          align: 'right',
        },
        { title: 'range', cell: ({ name }) => limitRange(name), align: 'right' },
        { title: 'bounds', cell: ({ summary }) => summary },
      ],
      view,
      'There are no limits.',
    ),
    '',
    `${changed} Change them with: neural-trader limits-set order.notional=20000`,
  ].join('\n');
}
