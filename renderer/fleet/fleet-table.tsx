// The agents as a virtual table: 28 px rows, a head that stays, sorted by any column, steady under the pointer.
import { type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { counted } from '../format.ts';
import { classNames } from '../ui/class-names.ts';
import { columnLooks, fleetColumns, fleetFeatures, initialSorting } from './fleet-columns.ts';
import { ColumnHead, ColumnWidth } from './fleet-column-head.tsx';
import { MemoFleetRow } from './fleet-row.tsx';
import type { FleetRow } from './fleet-rows.ts';
import { useHeldOrder } from './held-order.ts';
import { useRowKeys } from './use-row-keys.ts';

export interface FleetTableProps {
  readonly rows: readonly FleetRow[];
  /** Changes when the rows are filtered anew. */
  readonly filterKey: string;
  readonly selectedAgentId: string | null;
  readonly onOpen: (agentId: string) => void;
  /** Leaves out the columns that the inspector shows. */
  readonly compact: boolean;
}

const rowHeight = 28;
const headHeight = 32;

export function FleetTable({ rows, filterKey, selectedAgentId, onOpen, compact }: FleetTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState<SortingState>(initialSorting);
  const [pointerInside, setPointerInside] = useState(false);
  const [resorts, setResorts] = useState(0);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features: fleetFeatures,
    columns: fleetColumns,
    data,
    getRowId: (row) => row.agentId,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
  });
  const byId = useMemo(() => new Map(rows.map((row) => [row.agentId, row])), [rows]);
  const live = table.getRowModel().rows.map((row) => row.id);
  const order = useHeldOrder(live, pointerInside, `${filterKey} ${resorts} ${JSON.stringify(sorting)}`);
  const virtualizer = useVirtualizer({
    count: order.ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => order.ids[index] ?? index,
    overscan: 10,
    scrollPaddingStart: headHeight,
  });
  const onArrow = useRowKeys({
    ids: order.ids,
    selected: selectedAgentId,
    onOpen,
    reveal: (index) => virtualizer.scrollToIndex(index),
  });
  const columns = fleetColumns.filter(
    (column) => !(compact && columnLooks[column.id ?? '']?.wideOnly),
  ).length;
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <>
      <div
        ref={scroller}
        className="min-h-0 overflow-auto rounded-card border border-line bg-surface"
        onKeyDown={onArrow}
      >
        <table
          role="grid"
          aria-label="Agents"
          aria-rowcount={order.ids.length + 1}
          data-compact={compact}
          className={classNames('data-table table-fixed', compact ? 'min-w-[640px]' : 'min-w-[980px]')}
        >
          <colgroup>
            {fleetColumns.map((column) => (
              <ColumnWidth key={column.id} id={column.id ?? ''} compact={compact} />
            ))}
          </colgroup>
          <thead className="sticky top-0 z-10 bg-surface">
            <tr aria-rowindex={1}>
              {table.getFlatHeaders().map((header) => (
                <ColumnHead
                  key={header.id}
                  id={header.column.id}
                  name={String(header.column.columnDef.header)}
                  sorted={header.column.getIsSorted()}
                  onSort={header.column.getCanSort() ? () => header.column.toggleSorting() : null}
                />
              ))}
            </tr>
          </thead>
          <tbody onPointerEnter={() => setPointerInside(true)} onPointerLeave={() => setPointerInside(false)}>
            <Spacer height={before} columns={columns} />
            {items.map((item) => {
              const row = byId.get(order.ids[item.index] ?? '');
              return row ? (
                <MemoFleetRow
                  key={item.key}
                  row={row}
                  position={item.index + 2}
                  selected={row.agentId === selectedAgentId}
                  onOpen={onOpen}
                />
              ) : null;
            })}
            <Spacer height={after} columns={columns} />
          </tbody>
        </table>
      </div>
      <Moved moved={order.moved} onResort={() => setResorts(resorts + 1)} />
    </>
  );
}

function Spacer(props: { readonly height: number; readonly columns: number }) {
  if (props.height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={props.columns} className="!border-0 !p-0" style={{ height: props.height }} />
    </tr>
  );
}

/** Offers the new order instead of moving rows under the pointer. */
function Moved(props: { readonly moved: number; readonly onResort: () => void }) {
  if (props.moved === 0) return null;
  return (
    <p className="pointer-events-none absolute right-6 bottom-12 text-cell">
      <button
        type="button"
        className="pointer-events-auto rounded-control border border-line bg-raised px-2.5 py-1 text-accent"
        onClick={props.onResort}
      >
        {counted(props.moved, 'row')} changed order · resort
      </button>
    </p>
  );
}
