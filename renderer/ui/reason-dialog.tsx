// A decision that lifts a protection: it is made with a reason, which goes into the journal.
import { type ReactNode, useState } from 'react';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { Button } from './button.tsx';
import { ErrorLine } from './error-line.tsx';
import { Field } from './field.tsx';
import { ModeChip } from './mode-chip.tsx';
import { Sheet, SheetTitle } from './sheet.tsx';

const shortest = 3;
const longest = 200;

export interface ReasonFormProps {
  readonly title: string;
  /** Names the field. */
  readonly question: string;
  /** On the button, before and while it is sent. */
  readonly decision: string;
  readonly deciding: string;
  /** Sends the decision; a rejection stands in the dialog. */
  readonly decide: (reason: string) => Promise<unknown>;
  /** What was done, in one sentence. */
  readonly outcome: string;
  /** What the decision means. */
  readonly children: ReactNode;
}

export interface ReasonDialogProps extends ReasonFormProps {
  readonly description: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function ReasonDialog({ description, open, onClose, ...form }: ReasonDialogProps) {
  return (
    <Sheet kind="alert" description={description} open={open} onClose={onClose} className="w-[500px] p-6">
      <ReasonForm {...form} onClose={onClose} />
    </Sheet>
  );
}

function ReasonForm(props: ReasonFormProps & { readonly onClose: () => void }) {
  const { now } = useDeskClient();
  const mode = useDesk((desk) => desk.state.mode);
  const windowStore = useWindowStore();
  const [reason, setReason] = useState('');
  const request = useRequest(async () => {
    await props.decide(reason);
    props.onClose();
    windowStore.setState({ outcome: { text: props.outcome, at: now() } });
  });
  const tooShort = reason.trim().length < shortest;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooShort) void request.run();
      }}
    >
      <div className="flex items-center gap-3">
        <SheetTitle>{props.title}</SheetTitle>
        <ModeChip mode={mode} className="ml-auto" />
      </div>
      {props.children}
      <Field
        label={props.question}
        value={reason}
        onValue={setReason}
        maxLength={longest}
        hint={`${shortest} to ${longest} characters, kept in the journal`}
        autoFocus
      />
      <ErrorLine error={request.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={tooShort || request.pending}>
          {request.pending ? props.deciding : props.decision}
        </Button>
      </div>
    </form>
  );
}
