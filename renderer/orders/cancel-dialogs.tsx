// Asks before orders are cancelled: one on LIVE, all of them on any account.
import type { OrderView } from '../../electron/contract/orders.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { counted, quantity } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

export interface CancelLiveOrderDialogProps {
  readonly order: OrderView;
  readonly open: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function CancelLiveOrderDialog({ order, open, onConfirm, onClose }: CancelLiveOrderDialogProps) {
  const left = quantity(Math.max(0, order.qtyNanos - order.filledNanos));
  return (
    <Sheet
      kind="alert"
      description="Asks the broker to cancel one order of real money."
      open={open}
      onClose={onClose}
      className="w-[460px] p-6"
    >
      <div className="grid gap-4">
        <div className="flex items-center gap-3">
          <SheetTitle>Cancel this order?</SheetTitle>
          <ModeChip mode="live" className="ml-auto" />
        </div>
        <p className="text-muted">
          {order.side === 'buy' ? 'Buy' : 'Sell'} {quantity(order.qtyNanos)} {order.symbol}, {left} still
          open. It can fill until the broker confirms.
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" onClick={onConfirm}>
            Cancel order
          </Button>
        </div>
      </div>
    </Sheet>
  );
}

export interface CancelAllDialogProps {
  readonly working: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function CancelAllDialog({ working, open, onClose }: CancelAllDialogProps) {
  return (
    <Sheet
      kind="alert"
      description="Asks the broker to cancel every working order of the account."
      open={open}
      onClose={onClose}
      className="w-[520px] p-6"
    >
      <CancelAllContent working={working} onClose={onClose} />
    </Sheet>
  );
}

function CancelAllContent({ working, onClose }: Omit<CancelAllDialogProps, 'open'>) {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const mode = useDesk((desk) => desk.state.mode);
  const entriesOpen = useDesk((desk) => desk.state.entries.kind === 'open');
  const cancel = useRequest(async (block: boolean) => {
    if (block) await call('swarm.block', { reason: 'before working orders were cancelled' });
    const { asked, refused } = await call('orders.cancel', { all: true });
    const failed = refused.length === 0 ? '' : ` ${counted(refused.length, 'order')} could not be.`;
    const blocked = block ? ' Entries are blocked.' : '';
    const text = `Asked the broker to cancel ${counted(asked.length, 'order')}.${failed}${blocked}`;
    windowStore.setState({ outcome: { text, at: now() } });
    onClose();
  });
  const orders = counted(working, 'order');
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3">
        <SheetTitle>Cancel {orders}?</SheetTitle>
        <ModeChip mode={mode} className="ml-auto" />
      </div>
      <p className="text-muted">
        Asks the broker to cancel every working order of the desk; each can fill until the broker confirms.
        Positions stay as they are.{' '}
        {entriesOpen
          ? 'Entries stay open: what agents still want is ordered again. To keep them out, block entries first.'
          : 'Entries are blocked already: nothing new is opened in their place.'}
      </p>
      <ErrorLine error={cancel.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep them</Button>
        {entriesOpen ? (
          <Button disabled={cancel.pending} onClick={() => void cancel.run(true)}>
            Block entries, then cancel
          </Button>
        ) : null}
        <Button tone="danger" disabled={cancel.pending} onClick={() => void cancel.run(false)}>
          {cancel.pending ? 'Asking…' : `Cancel ${orders}`}
        </Button>
      </div>
    </div>
  );
}
