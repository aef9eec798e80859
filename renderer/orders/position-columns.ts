// The columns of the positions, by symbol and by agent.
import type { PositionView } from '../../electron/contract/positions.ts';
import type { GridColumn } from '../ui/grid-column.ts';

const marked = {
  average: {
    id: 'average',
    name: 'Average',
    align: 'right',
    width: 96,
    title: "Average cost a share in the agents' books, USD; none where long and short books are added up",
  },
  mark: { id: 'mark', name: 'Mark', align: 'right', width: 96, title: 'Last price, USD' },
  unrealised: {
    id: 'unrealised',
    name: 'Unrealised',
    align: 'right',
    width: 104,
    title: "Of the agents' books at the mark, USD",
  },
  realised: {
    id: 'realised',
    name: 'Realised',
    align: 'right',
    width: 104,
    title: "Of the agents' books since the desk began, without the broker's fees, USD",
  },
} as const;

export const symbolColumns: readonly GridColumn<PositionView>[] = [
  { id: 'symbol', name: 'Symbol', align: 'left', sortBy: (row) => row.symbol },
  {
    id: 'account',
    name: 'Account',
    align: 'right',
    width: 92,
    title: 'What the broker says is held, shares',
    sortBy: (row) => row.accountNanos,
  },
  {
    id: 'books',
    name: 'Books',
    align: 'right',
    width: 92,
    title: 'What the agents hold by their books, shares',
    sortBy: (row) => row.qtyNanos,
  },
  {
    id: 'difference',
    name: 'Difference',
    align: 'right',
    width: 100,
    title: 'The account less the books; zero when every share has an owner',
    sortBy: (row) => (row.differenceNanos === null ? null : Math.abs(row.differenceNanos)),
  },
  { ...marked.average, wideOnly: true, sortBy: (row) => row.averageTicks },
  { ...marked.mark, wideOnly: true, sortBy: (row) => row.markTicks },
  {
    id: 'value',
    name: 'Value',
    align: 'right',
    width: 112,
    title: 'Of what the account holds at the mark, USD',
    wideOnly: true,
    sortBy: (row) => row.valueMicros,
  },
  { ...marked.unrealised, sortBy: (row) => row.unrealisedMicros },
  { ...marked.realised, sortBy: (row) => row.realisedMicros },
  {
    id: 'agents',
    name: 'Agents',
    align: 'right',
    width: 76,
    wideOnly: true,
    sortBy: (row) => row.agents.length,
  },
];

/** One agent's book in one symbol. */
export type AgentHoldingRow = PositionView['agents'][number] & Pick<PositionView, 'symbol' | 'markTicks'>;

export const agentColumns: readonly GridColumn<AgentHoldingRow>[] = [
  { id: 'agentId', name: 'Agent', align: 'left', sortBy: (row) => row.agentId },
  { id: 'symbol', name: 'Symbol', align: 'left', width: 92, sortBy: (row) => row.symbol },
  { id: 'quantity', name: 'Shares', align: 'right', width: 100, sortBy: (row) => row.qtyNanos },
  { ...marked.average, sortBy: (row) => row.averageTicks },
  { ...marked.mark, wideOnly: true, sortBy: (row) => row.markTicks },
  { ...marked.unrealised, sortBy: (row) => row.unrealisedMicros },
  { ...marked.realised, sortBy: (row) => row.realisedMicros },
];
