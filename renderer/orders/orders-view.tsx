// The orders of the account, filtered and sorted, with one of them in the inspector.
import { useCallback, useMemo, useState } from 'react';
import type { OrderView } from '../../electron/contract/orders.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { count, counted } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { FilterInput } from '../ui/filter-input.tsx';
import { useEscape } from '../ui/use-escape.ts';
import { useRequest } from '../use-request.ts';
import { useWindow, useWindowStore } from '../window-state.ts';
import { EmptyView } from './empty-view.tsx';
import { orderColumns } from './order-columns.ts';
import { OrderInspector } from './order-inspector.tsx';
import { MemoOrderRow } from './order-row.tsx';
import { countOrders, filterOrders, type OrderFilter, orderFilters, orderRows } from './order-rows.ts';
import { ViewSummary } from './view-summary.tsx';

/** As many as one answer of the host holds. */
const olderLimit = 5_000;

/** New orders stand above the others as soon as nobody is about to press a row. */
const restedMs = 3_000;

export function OrdersView() {
  const windowStore = useWindowStore();
  const orders = useDesk((desk) => desk.state.orders);
  const selectedId = useWindow((state) => state.selectedOrderId);
  const [filter, setFilter] = useState<OrderFilter>('all');
  const [text, setText] = useState('');
  const older = useOlderOrders();
  const rows = useMemo(() => orderRows(orders, older.orders), [orders, older.orders]);
  const shown = useMemo(() => filterOrders(rows, filter, text), [rows, filter, text]);
  const counts = countOrders(rows);
  const open = useCallback(
    (selectedOrderId: string | null) => windowStore.setState({ selectedOrderId }),
    [windowStore],
  );
  useEscape(() => open(null));
  const selected = rows.find((row) => row.clientOrderId === selectedId);
  return (
    <div className="flex min-h-0 flex-1 gap-3">
      <div className="flex min-w-0 flex-1 flex-col gap-2.5">
        <div className="flex flex-wrap items-center gap-2">
          <Choice
            label="State"
            value={filter}
            options={orderFilters.map((value) => ({
              value,
              label: `${value.slice(0, 1).toUpperCase()}${value.slice(1)} ${count(counts[value])}`,
            }))}
            onChoose={setFilter}
          />
          <FilterInput label="Filter orders" text={text} onText={setText} />
        </div>
        {shown.length === 0 ? (
          <NoOrders any={rows.length > 0} />
        ) : (
          <DataGrid
            label="Orders"
            rows={shown}
            idOf={orderIdOf}
            columns={orderColumns}
            Row={MemoOrderRow}
            filterKey={`${filter} ${text}`}
            selectedId={selectedId}
            onOpen={open}
            compact={selected !== undefined}
            holdMs={restedMs}
            widths={['min-w-[1020px]', 'min-w-[520px]']}
          />
        )}
        <ViewSummary>
          {shown.length === rows.length ? '' : `${count(shown.length)} of `}
          {counted(rows.length, 'order')}
          <OlderOrders rows={rows.length} older={older} />
        </ViewSummary>
      </div>
      {selected ? (
        <OrderInspector key={selected.clientOrderId} order={selected} onClose={() => open(null)} />
      ) : null}
    </div>
  );
}

const orderIdOf = (order: OrderView): string => order.clientOrderId;

function NoOrders({ any }: { readonly any: boolean }) {
  if (any)
    return <EmptyView title="No order matches" detail="Take a word out of the filter, or choose All." />;
  return (
    <EmptyView
      title="No orders yet"
      detail="Agents order when what they want to hold differs from what they hold; every order appears here before it is sent."
      deploy
    />
  );
}

/** What the window's replica no longer holds, read from the journal on request. */
function useOlderOrders() {
  const { call } = useDeskClient();
  const [orders, setOrders] = useState<readonly OrderView[]>([]);
  const [more, setMore] = useState(true);
  const read = useRequest(async () => {
    const answer = await call('orders.list', { limit: olderLimit });
    setOrders(answer.orders);
    setMore(answer.more);
  });
  return { orders, more, read };
}

function OlderOrders(props: { readonly rows: number; readonly older: ReturnType<typeof useOlderOrders> }) {
  const total = useDesk((desk) => desk.state.totals.orders);
  const { orders, more, read } = props.older;
  if (props.rows >= total || (orders.length > 0 && !more)) return null;
  if (orders.length > 0) return <> of {count(total)} on record; the newest are shown</>;
  return (
    <>
      {' '}
      of {count(total)} on record ·{' '}
      <Button
        tone="quiet"
        size="small"
        className="!px-0 !text-accent"
        disabled={read.pending}
        onClick={() => void read.run()}
      >
        {read.pending ? 'Reading the journal…' : 'Show older'}
      </Button>
      <ErrorLine error={read.error} />
    </>
  );
}
