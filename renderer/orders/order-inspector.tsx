// One order: where it stands, why, what the gate knew, whose it is, and its way through the journal.
import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { GateJudgement } from '../../electron/contract/order-events.ts';
import type { OrderView } from '../../electron/contract/orders.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { latency, notMeasured, priceOf, quantity, signedQuantity, unknown, wallSpan } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { ErrorLine } from '../ui/error-line.tsx';
import { FactGrid } from '../ui/facts.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { CancelLiveOrderDialog } from './cancel-dialogs.tsx';
import { OrderHistoryList } from './order-history.tsx';
import { hasReason } from './order-rows.ts';
import { OrderShares } from './order-shares.tsx';
import { OrderStateMark } from './order-state-mark.tsx';
import { useOrderHistory } from './use-order-history.ts';

export interface OrderInspectorProps {
  readonly order: OrderView;
  readonly onClose: () => void;
}

export function OrderInspector({ order, onClose }: OrderInspectorProps) {
  const mode = useDesk((desk) => desk.state.mode);
  const { shown, error } = useOrderHistory(order.clientOrderId);
  return (
    <aside
      aria-label={`Order ${order.clientOrderId}`}
      className="flex w-[380px] shrink-0 flex-col rounded-card border border-line bg-surface"
    >
      <div className="flex items-start gap-2 px-4 pt-3.5">
        <div className="min-w-0">
          <h2 className="truncate text-section font-semibold">{title(order)}</h2>
          <p className="flex flex-wrap items-center gap-x-3 text-cell">
            <OrderStateMark order={order} />
            <span className="truncate font-mono text-label text-dim select-text">{order.clientOrderId}</span>
          </p>
        </div>
        <ModeChip mode={mode} className="mt-1 ml-auto" />
        <Button tone="quiet" size="small" aria-label="Close inspector" onClick={onClose}>
          <X size={14} aria-hidden="true" />
        </Button>
      </div>
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto px-4 py-3">
        <Reason order={order} />
        <div className="live-value">
          <FactGrid facts={factsOf(order)} />
        </div>
        <Judgement order={order} />
        <OrderShares order={order} history={shown?.history ?? null} />
        {shown ? <OrderHistoryList history={shown.history} /> : null}
        {shown || error ? null : <p className="text-cell text-muted">Reading the journal…</p>}
        <ErrorLine error={error} />
      </div>
      {order.isWorking ? <CancelFooter order={order} /> : null}
    </aside>
  );
}

function title({ side, qtyNanos, symbol }: OrderView): string {
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${quantity(qtyNanos)} ${symbol}`;
}

/** Only what went wrong explains itself in colour. */
function Reason({ order }: { readonly order: OrderView }) {
  const { state, detail } = order;
  if (!hasReason(order)) return null;
  const tone =
    state === 'rejected'
      ? 'border-critical/45 bg-critical/9'
      : state === 'unknown'
        ? 'border-warn/45 bg-warn/9'
        : 'border-line';
  return <p className={classNames('rounded-card border px-3 py-2 text-cell break-words', tone)}>{detail}</p>;
}

function factsOf(order: OrderView): readonly (readonly [string, ReactNode])[] {
  const { qtyNanos, filledNanos, decisionToOrderMs, orderToFillMs } = order;
  return [
    ['Filled', `${quantity(filledNanos)} of ${quantity(qtyNanos)}`],
    ['Average price', priceOf(order.averagePriceTicks)],
    ['Type', order.type === 'market' ? 'market, day' : 'not known'],
    ['Decision to order', decisionToOrderMs === null ? 'not measured' : wallSpan(decisionToOrderMs)],
    ['Order to fill', orderToFillMs === null ? 'not measured' : wallSpan(orderToFillMs)],
    ['Left', order.isWorking ? quantity(Math.max(0, qtyNanos - filledNanos)) : unknown],
  ];
}

const judged: Readonly<Record<GateJudgement['state'], string>> = {
  active: 'Passed every check.',
  reducing: 'Passed as an order that only reduces: entries were blocked.',
  halted: 'Passed as an order that only reduces: trading was halted.',
};

function Judgement({ order: { judgement, type } }: { readonly order: OrderView }) {
  return (
    <section aria-label="Risk gate">
      <h3 className="mb-1 text-label text-dim">Risk gate</h3>
      {judgement ? (
        <>
          <p className="mb-2 text-cell">{judged[judgement.state]}</p>
          <FactGrid
            facts={[
              ['Bid', priceOf(judgement.bidTicks)],
              ['Ask', priceOf(judgement.askTicks)],
              ['Quote age', judgement.quoteAgeMs === null ? notMeasured : latency(judgement.quoteAgeMs)],
              ['Held before', signedQuantity(judgement.positionNanos)],
            ]}
          />
        </>
      ) : (
        <p className="text-cell text-muted">
          {type === 'unknown'
            ? 'Not asked: the order was placed beside the desk.'
            : 'What it was judged by is not on record.'}
        </p>
      )}
    </section>
  );
}

function CancelFooter({ order }: { readonly order: OrderView }) {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const mode = useDesk((desk) => desk.state.mode);
  const entriesOpen = useDesk((desk) => desk.state.entries.kind === 'open');
  const connected = useDesk((desk) => desk.connected);
  const [confirming, setConfirming] = useState(false);
  const cancel = useRequest(async () => {
    setConfirming(false);
    await call('orders.cancel', { id: order.clientOrderId });
    const text = `Asked the broker to cancel ${order.side} ${quantity(order.qtyNanos)} ${order.symbol}.`;
    windowStore.setState({ outcome: { text, at: now() } });
  });
  const asked = order.cancelAskedAt !== null;
  const press = (): void => {
    if (mode === 'live') setConfirming(true);
    else void cancel.run();
  };
  return (
    <div className="grid gap-2 border-t border-line px-4 py-3">
      <ErrorLine error={cancel.error} />
      <div className="flex items-center gap-3">
        <Button disabled={asked || cancel.pending || !connected} onClick={press}>
          {asked ? 'Cancel asked' : mode === 'live' ? 'Cancel order…' : 'Cancel order'}
        </Button>
        <p className="min-w-0 text-label text-dim">{cancelNote(asked, connected, entriesOpen)}</p>
      </div>
      <CancelLiveOrderDialog
        order={order}
        open={confirming}
        onConfirm={() => void cancel.run()}
        onClose={() => setConfirming(false)}
      />
    </div>
  );
}

function cancelNote(asked: boolean, connected: boolean, entriesOpen: boolean): string {
  if (!connected) return 'The host does not answer.';
  if (asked) return 'It can still fill until the broker confirms.';
  return entriesOpen
    ? 'Entries stay open: what agents still want is ordered again.'
    : 'Entries are blocked: nothing new is opened in its place.';
}
