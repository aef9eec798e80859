// The two versions of each position side by side, and the operator's word that the broker is right.
import { useState } from 'react';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { signedQuantity } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

export function AcknowledgeDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      kind="alert"
      description="Takes over the broker's version of positions that the desk cannot explain."
      open={props.open}
      onClose={props.onClose}
      className="w-[520px] p-6"
    >
      <AcknowledgeForm onClose={props.onClose} />
    </Sheet>
  );
}

function AcknowledgeForm({ onClose }: { readonly onClose: () => void }) {
  const { call, now } = useDeskClient();
  const mode = useDesk((desk) => desk.state.mode);
  const windowStore = useWindowStore();
  const [reason, setReason] = useState('');
  const acknowledge = useRequest(async () => {
    await call('account.acknowledge', { reason });
    onClose();
    windowStore.setState({ outcome: { text: 'The broker’s positions are the record now.', at: now() } });
  });
  const tooShort = reason.trim().length < 3;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooShort) void acknowledge.run();
      }}
    >
      <div className="flex items-center gap-3">
        <SheetTitle>Positions differ</SheetTitle>
        <ModeChip mode={mode} className="ml-auto" />
      </div>
      <Versions />
      <p className="text-muted">
        No order of this desk explains the difference. Look at the broker first. Acknowledging makes the
        broker’s version the record and allows new risk again.
      </p>
      <Field
        label="Why the broker is right"
        value={reason}
        onValue={setReason}
        maxLength={200}
        hint="3 to 200 characters, kept in the journal"
        autoFocus
      />
      <ErrorLine error={acknowledge.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={tooShort || acknowledge.pending}>
          {acknowledge.pending ? 'Acknowledging…' : 'The broker is right'}
        </Button>
      </div>
    </form>
  );
}

function Versions() {
  const positions = useDesk((desk) => desk.state.discrepancy?.positions);
  return (
    <table aria-label="Both versions" className="w-full text-right tabular-nums">
      <thead className="text-label text-dim">
        <tr>
          <th className="text-left font-normal">Symbol</th>
          <th className="font-normal">This desk</th>
          <th className="font-normal">The broker</th>
        </tr>
      </thead>
      <tbody>
        {positions?.map(({ symbol, oursNanos, theirsNanos }) => (
          <tr key={symbol} className="border-t border-line">
            <th scope="row" className="py-1 text-left font-medium">
              {symbol}
            </th>
            <td>{signedQuantity(oursNanos)}</td>
            <td>{signedQuantity(theirsNanos)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
