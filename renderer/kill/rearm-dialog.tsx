import { useState } from 'react';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

/** Releases the latch of a kill; asks for the reason that goes into the journal. */
export function RearmDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      kind="alert"
      description="Allows new entries after a kill. Nothing restarts by itself."
      open={props.open}
      onClose={props.onClose}
      className="w-[480px] p-6"
    >
      <RearmForm onClose={props.onClose} />
    </Sheet>
  );
}

function RearmForm({ onClose }: { readonly onClose: () => void }) {
  const { call, now } = useDeskClient();
  const mode = useDesk((desk) => desk.state.mode);
  const windowStore = useWindowStore();
  const [reason, setReason] = useState('');
  const rearm = useRequest(async () => {
    await call('swarm.rearm', { reason });
    onClose();
    windowStore.setState({ outcome: { text: 'Trading is re-armed. No agent was started.', at: now() } });
  });
  const tooShort = reason.trim().length < 3;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooShort) void rearm.run();
      }}
    >
      <div className="flex items-center gap-3">
        <SheetTitle>Re-arm trading</SheetTitle>
        <ModeChip mode={mode} className="ml-auto" />
      </div>
      <p className="text-muted">
        New entries will be allowed again. Nothing restarts by itself: stopped agents stay stopped until you
        deploy.
      </p>
      <Field
        label="Why is it safe"
        value={reason}
        onValue={setReason}
        maxLength={200}
        hint="3 to 200 characters, kept in the journal"
        autoFocus
      />
      <ErrorLine error={rearm.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={tooShort || rearm.pending}>
          {rearm.pending ? 'Re-arming…' : 'Re-arm trading'}
        </Button>
      </div>
    </form>
  );
}
