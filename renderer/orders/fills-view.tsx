// The newest fills; one opens the order it belongs to.
import { memo, useCallback, useMemo, useState } from 'react';
import { notionalMicros } from '../../electron/contract/money.ts';
import type { Fill } from '../../electron/contract/state.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { count, counted, money, priceOf, quantity } from '../format.ts';
import { timeOrDay } from '../format-time.ts';
import { DataGrid, type GridRowProps } from '../ui/data-grid.tsx';
import { FilterInput } from '../ui/filter-input.tsx';
import type { GridColumn } from '../ui/grid-column.ts';
import { FirstCell, GridRow } from '../ui/grid-row.tsx';
import { useWindowStore } from '../window-state.ts';
import { EmptyView } from './empty-view.tsx';
import { hasWords, idTail, wordsOf } from './order-rows.ts';
import { ViewSummary } from './view-summary.tsx';

export function FillsView() {
  const windowStore = useWindowStore();
  const fills = useDesk((desk) => desk.state.fills);
  const total = useDesk((desk) => desk.state.totals.fills);
  const [text, setText] = useState('');
  const rows = useMemo(() => {
    const words = wordsOf(text);
    return fills.filter((fill) => hasWords(textOf(fill), words)).toReversed();
  }, [fills, text]);
  const open = useCallback(
    (executionId: string) => {
      const fill = fills.find((known) => known.executionId === executionId);
      if (fill) windowStore.setState({ tradingView: 'orders', selectedOrderId: fill.clientOrderId });
    },
    [fills, windowStore],
  );
  return (
    <>
      <div className="flex items-center gap-2">
        <FilterInput label="Filter fills" text={text} onText={setText} />
        <span className="text-cell text-dim">A fill opens its order.</span>
      </div>
      {rows.length === 0 ? (
        <EmptyView
          title={fills.length === 0 ? 'No fills yet' : 'No fill matches'}
          detail={
            fills.length === 0
              ? 'What the broker executes appears here, with the agents that receive it.'
              : 'Take a word out of the filter.'
          }
        />
      ) : (
        <DataGrid
          label="Fills"
          rows={rows}
          idOf={fillIdOf}
          columns={columns}
          Row={FillRow}
          filterKey={text}
          selectedId={null}
          onOpen={open}
          compact={false}
          widths={['min-w-[860px]', '']}
        />
      )}
      <ViewSummary>
        {rows.length === fills.length ? '' : `${count(rows.length)} of `}
        {total > fills.length ? `the newest ${count(fills.length)} of ` : ''}
        {counted(total, 'fill')}
      </ViewSummary>
    </>
  );
}

const fillIdOf = (fill: Fill): string => fill.executionId;
const valueOf = (fill: Fill): number => notionalMicros(fill.qtyNanos, fill.priceTicks);
const agentsOf = (fill: Fill): string => fill.agentIds.join(', ');
const textOf = (fill: Fill): string => `${fill.symbol} ${fill.side} ${agentsOf(fill)} ${fill.clientOrderId}`;

const columns: readonly GridColumn<Fill>[] = [
  {
    id: 'time',
    name: 'Time',
    align: 'left',
    width: 92,
    title: "When the host learned of it; the market's own time is in the order's history",
    sortBy: (fill) => fill.at,
  },
  { id: 'symbol', name: 'Symbol', align: 'left', width: 80, sortBy: (fill) => fill.symbol },
  { id: 'side', name: 'Side', align: 'left', width: 56, sortBy: (fill) => fill.side },
  { id: 'quantity', name: 'Quantity', align: 'right', width: 96, sortBy: (fill) => fill.qtyNanos },
  { id: 'price', name: 'Price', align: 'right', width: 100, sortBy: (fill) => fill.priceTicks },
  { id: 'value', name: 'Value', align: 'right', width: 112, title: 'USD', sortBy: valueOf },
  { id: 'agents', name: 'Agents', align: 'left', sortBy: agentsOf },
  { id: 'order', name: 'Order', align: 'left', width: 112, sortBy: (fill) => fill.clientOrderId },
];

const FillRow = memo(function FillTableRow({ row, position, selected, onOpen }: GridRowProps<Fill>) {
  const { now } = useDeskClient();
  return (
    <GridRow id={row.executionId} position={position} selected={selected} onOpen={onOpen}>
      <FirstCell selected={selected}>
        <span className="text-muted">{timeOrDay(row.at, now())}</span>
      </FirstCell>
      <td className="left font-medium">{row.symbol}</td>
      <td className="left">{row.side}</td>
      <td>{quantity(row.qtyNanos)}</td>
      <td>{priceOf(row.priceTicks)}</td>
      <td className="text-muted">{money(valueOf(row))}</td>
      <td className="left truncate text-muted" title={agentsOf(row)}>
        {agentsOf(row)}
      </td>
      <td className="left truncate font-mono text-label text-dim" title={row.clientOrderId}>
        {idTail(row.clientOrderId)}
      </td>
    </GridRow>
  );
});
