// Words for positions: the account's beside the agents' books.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { listPositions, PositionView } from '../../contract/positions.ts';
import { price, shares, signedUsd } from './format.ts';
import { simulated, table, type View } from './view.ts';

type Line = Pick<
  PositionView,
  'qtyNanos' | 'averageTicks' | 'markTicks' | 'unrealisedMicros' | 'realisedMicros'
> & {
  readonly name: string;
  readonly accountNanos?: number | null;
  readonly differenceNanos?: number | null;
};

export function printPositions(
  { positions, accountRead, simulated: isSimulated }: OutputOf<typeof listPositions>,
  view: View,
): string {
  const { colors } = view;
  const amount = (micros: number | null): string =>
    micros === null ? 'no price' : simulated(signedUsd(micros), isSimulated);
  const list = table(
    positions.flatMap(linesOf),
    [
      { title: 'symbol, agent', cell: (line) => line.name },
      { title: 'account', cell: (line) => quantityOf(line.accountNanos), align: 'right' },
      { title: 'books', cell: (line) => shares(line.qtyNanos), align: 'right' },
      {
        title: 'difference',
        cell: ({ differenceNanos }) =>
          differenceNanos ? colors.yellow(shares(differenceNanos)) : quantityOf(differenceNanos),
        align: 'right',
      },
      { title: 'average', cell: (line) => priceOf(line.averageTicks), align: 'right' },
      { title: 'mark', cell: (line) => priceOf(line.markTicks), align: 'right' },
      { title: 'unrealised', cell: (line) => amount(line.unrealisedMicros), align: 'right' },
      { title: 'realised', cell: (line) => amount(line.realisedMicros), align: 'right' },
    ],
    view,
    'No positions.',
  );
  return accountRead ? list : `The account has not been read yet: these are the agents' books.\n\n${list}`;
}

function linesOf(position: PositionView): Line[] {
  const agents = position.agents.map((agent) => ({
    ...agent,
    name: `  ${agent.agentId}`,
    markTicks: position.markTicks,
  }));
  return [{ ...position, name: position.symbol }, ...agents];
}

/** Empty on the lines of agents, who hold nothing at the broker by themselves. */
function quantityOf(qtyNanos: number | null | undefined): string {
  if (qtyNanos === undefined) return '';
  return qtyNanos === null ? 'not read' : shares(qtyNanos);
}

function priceOf(ticks: number | null): string {
  return ticks === null ? '' : price(ticks);
}
