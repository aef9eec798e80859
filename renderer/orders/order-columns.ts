// The columns of the orders: what each shows, how it sorts, how wide it is.
import type { OrderView } from '../../electron/contract/orders.ts';
import type { GridColumn } from '../ui/grid-column.ts';
import { shareWords, stateWords } from './order-rows.ts';

export const orderColumns: readonly GridColumn<OrderView>[] = [
  { id: 'time', name: 'Time', align: 'left', width: 92, sortBy: (order) => order.approvedAt },
  { id: 'symbol', name: 'Symbol', align: 'left', width: 68, sortBy: (order) => order.symbol },
  { id: 'side', name: 'Side', align: 'left', width: 46, sortBy: (order) => order.side },
  { id: 'quantity', name: 'Quantity', align: 'right', width: 76, sortBy: (order) => order.qtyNanos },
  { id: 'filled', name: 'Filled', align: 'right', width: 68, sortBy: (order) => order.filledNanos },
  {
    id: 'type',
    name: 'Type',
    align: 'left',
    width: 64,
    wideOnly: true,
    title: 'The desk sends market orders for the day; of others it does not know the type',
    sortBy: (order) => order.type,
  },
  {
    id: 'average',
    name: 'Average',
    align: 'right',
    width: 84,
    wideOnly: true,
    title: 'Average price of what has filled, USD',
    sortBy: (order) => order.averagePriceTicks,
  },
  { id: 'state', name: 'State', align: 'left', fillsCompact: true, sortBy: stateWords },
  {
    id: 'agents',
    name: 'Agents',
    align: 'left',
    width: 164,
    wideOnly: true,
    title: 'The first agent with a share, and how many others have one',
    sortBy: shareWords,
  },
  {
    id: 'toOrder',
    name: 'To order',
    align: 'right',
    width: 80,
    wideOnly: true,
    title: "From the newest target behind it to the broker's acknowledgement; n/m is not measured",
    sortBy: (order) => order.decisionToOrderMs,
  },
  {
    id: 'toFill',
    name: 'To fill',
    align: 'right',
    width: 72,
    wideOnly: true,
    title: 'From its approval to its first fill; n/m is not measured',
    sortBy: (order) => order.orderToFillMs,
  },
  {
    id: 'id',
    name: 'Client id',
    title: 'Its end; whole in the inspector',
    align: 'left',
    width: 104,
    wideOnly: true,
    sortBy: (order) => order.clientOrderId,
  },
];
