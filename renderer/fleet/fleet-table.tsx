// The agents as a virtual table: 28 px rows, a head that stays, sorted by any column, steady under the pointer.
import { type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { counted } from '../format.ts';
import { classNames } from '../ui/class-names.ts';
import { columnLooks, fleetColumns, fleetFeatures, initialSorting } from './fleet-columns.ts';
import { MemoFleetRow } from './fleet-row.tsx';
import type { FleetRow } from './fleet-rows.ts';
import { useHeldOrder } from './held-order.ts';

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
  const moveSelection = useSelectionKeys(order.ids, selectedAgentId, onOpen, (index) =>
    virtualizer.scrollToIndex(index),
  );
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
        onKeyDown={moveSelection}
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

/** The symbols take the room that the last decision leaves when it is not shown. */
function ColumnWidth({ id, compact }: { readonly id: string; readonly compact: boolean }) {
  const look = columnLooks[id];
  if (compact && look?.wideOnly === true) return null;
  const flexible = look?.width === undefined || (compact && id === 'symbols');
  return <col style={{ width: flexible ? 'auto' : look.width }} />;
}

interface ColumnHeadProps {
  readonly id: string;
  readonly name: string;
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: (() => void) | null;
}

function ColumnHead({ id, name, sorted, onSort }: ColumnHeadProps) {
  const look = columnLooks[id];
  const direction = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none';
  return (
    <th
      className={classNames(look?.align === 'left' && 'left', look?.wideOnly && 'wide-only')}
      aria-sort={onSort ? direction : undefined}
      title={look?.title}
    >
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className={classNames('h-6 tracking-[0.02em] uppercase hover:text-text', sorted && 'text-text')}
        >
          {name}
          {sorted ? <span aria-hidden="true">{sorted === 'asc' ? ' ↑' : ' ↓'}</span> : null}
        </button>
      ) : (
        name
      )}
    </th>
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

/** J, K and the arrows move through the rows in the order shown. */
function useSelectionKeys(
  ids: readonly string[],
  selected: string | null,
  onOpen: (agentId: string) => void,
  reveal: (index: number) => void,
) {
  const latest: RefObject<(event: { readonly key: string }) => boolean> = useRef(() => false);
  latest.current = ({ key }) => {
    const step = key === 'j' || key === 'ArrowDown' ? 1 : key === 'k' || key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || ids.length === 0) return false;
    const at = selected === null ? -1 : ids.indexOf(selected);
    const index = at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step));
    const next = ids[index];
    if (next === undefined) return false;
    reveal(index);
    onOpen(next);
    return true;
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing =
        event.target instanceof HTMLInputElement ||
        document.querySelector('[role="dialog"],[role="alertdialog"]');
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.key === 'j' || event.key === 'k') && latest.current(event)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (event: { readonly key: string; preventDefault(): void }): void => {
    if (event.key.startsWith('Arrow') && latest.current(event)) event.preventDefault();
  };
}
