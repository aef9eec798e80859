// Many rows as a virtual table: 28 px rows, a head that stays, sorted by any column, steady under the pointer.
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ComponentType, type ReactNode, useMemo, useRef, useState } from 'react';
import { counted } from '../format.ts';
import { classNames } from './class-names.ts';
import type { GridColumn } from './grid-column.ts';
import { ColumnHead, ColumnWidth } from './grid-column-head.tsx';
import { type HeldOrder, useHeldOrder } from './held-order.ts';
import { usePointerHold } from './use-pointer-hold.ts';
import { useRowKeys } from './use-row-keys.ts';

export interface GridRowProps<Row> {
  readonly row: Row;
  /** Position in the whole table, the header being 1. */
  readonly position: number;
  readonly selected: boolean;
  readonly onOpen: (id: string) => void;
}

export interface DataGridProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** The same array at each render. */
  readonly columns: readonly GridColumn<Row>[];
  readonly Row: ComponentType<GridRowProps<Row>>;
  /** Left out: the rows as they are given, to which the third press on a head returns. */
  readonly sortedBy?: string;
  /** Changes when the rows are filtered anew. */
  readonly filterKey: string;
  readonly selectedId: string | null;
  readonly onOpen: (id: string) => void;
  /** Leaves out the columns that the inspector shows. */
  readonly compact: boolean;
  /** How long a pointer that rests keeps the rows in place; while it is inside, when left out. */
  readonly holdMs?: number;
  /** Narrowest widths, wide and compact, for example "min-w-[980px]"; below them it scrolls. */
  readonly widths: readonly [wide: string, compact: string];
}

const rowHeight = 28;
const headHeight = 32;
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const names = new Intl.Collator('en', { numeric: true });

export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const { rows, columns, idOf, filterKey, selectedId, onOpen, compact } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const hold = usePointerHold(props.holdMs);
  const [resorts, setResorts] = useState(0);
  const { live, heads, sortKey } = useSorted(props);
  const byId = useMemo(() => new Map(rows.map((row) => [idOf(row), row])), [rows, idOf]);
  const order = useHeldOrder(live, hold.held, `${filterKey} ${resorts} ${sortKey}`);
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
    selected: selectedId,
    onOpen,
    reveal: (index) => virtualizer.scrollToIndex(index),
  });
  const shownColumns = columns.filter((column) => !(compact && column.wideOnly)).length;
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="relative flex min-h-0 flex-col">
      <div
        ref={scroller}
        className="min-h-0 overflow-auto rounded-card border border-line bg-surface"
        onKeyDown={onArrow}
      >
        <table
          role="grid"
          aria-label={props.label}
          aria-rowcount={order.ids.length + 1}
          data-compact={compact}
          className={classNames('data-table table-fixed', props.widths[compact ? 1 : 0])}
        >
          <colgroup>
            {columns.map((column) => (
              <ColumnWidth key={column.id} column={column} compact={compact} />
            ))}
          </colgroup>
          <thead className="sticky top-0 z-10 bg-surface">
            <tr aria-rowindex={1}>{heads}</tr>
          </thead>
          <tbody onPointerEnter={hold.start} onPointerMove={hold.start} onPointerLeave={hold.end}>
            <Spacer height={before} columns={shownColumns} />
            {items.map((item) => {
              const id = order.ids[item.index] ?? '';
              const row = byId.get(id);
              return row ? (
                <props.Row
                  key={item.key}
                  row={row}
                  position={item.index + 2}
                  selected={id === selectedId}
                  onOpen={onOpen}
                />
              ) : null;
            })}
            <Spacer height={after} columns={shownColumns} />
          </tbody>
        </table>
      </div>
      <Moved order={order} onResort={() => setResorts(resorts + 1)} />
    </div>
  );
}

/** The ids in the order of the sorted column, and the heads that sort. */
function useSorted<Row extends object>({
  rows,
  columns,
  idOf,
  sortedBy,
}: DataGridProps<Row>): {
  readonly live: readonly string[];
  readonly heads: ReactNode;
  readonly sortKey: string;
} {
  const [sorting, setSorting] = useState<SortingState>(sortedBy ? [{ id: sortedBy, desc: false }] : []);
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.map(({ id, name, sortBy }) =>
      helper.accessor((row): unknown => sortBy?.(row) ?? undefined, {
        id,
        header: name,
        enableSorting: sortBy !== undefined,
        sortUndefined: 'last',
        sortFn: (a, b) => compare(a.getValue(id), b.getValue(id)),
      }),
    );
  }, [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: idOf,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: sortedBy === undefined,
  });
  const { rows: sortedRows } = table.getRowModel();
  // The same array while nothing has changed: a scroll must not cost a walk over all rows.
  const live = useMemo(() => sortedRows.map((row) => row.id), [sortedRows]);
  const heads = columns.map((column) => {
    const sorted = table.getColumn(column.id);
    const sort = sorted?.getCanSort() ? () => sorted.toggleSorting() : null;
    return (
      <ColumnHead key={column.id} column={column} sorted={sorted?.getIsSorted() ?? false} onSort={sort} />
    );
  });
  return { live, heads, sortKey: JSON.stringify(sorting) };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return names.compare(String(a), String(b));
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
function Moved(props: { readonly order: HeldOrder; readonly onResort: () => void }) {
  const { moved, added } = props.order;
  if (moved === 0 && added === 0) return null;
  const words =
    moved === 0 ? `${counted(added, 'new row')} · show` : `${counted(moved, 'row')} changed order · resort`;
  return (
    <p className="pointer-events-none absolute right-4 bottom-3 text-cell">
      <button
        type="button"
        className="pointer-events-auto rounded-control border border-line bg-raised px-2.5 py-1 text-accent"
        onClick={props.onResort}
      >
        {words}
      </button>
    </p>
  );
}
