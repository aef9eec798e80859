import { useState } from 'react';
import { DeadManLeaseS } from '../../electron/contract/dead-man.ts';
import { useDeskClient } from '../desk-context.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

/** Changes how long the host may go on without confirming its health. */
export function LeaseForm() {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const { value: stored, error, setValue: setStored } = useAnswer((ask) => ask('settings.read', {}));
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (stored === null ? '' : String(stored.deadMan.leaseS));
  const parsed = DeadManLeaseS.safeParse(text.trim() === '' ? null : Number(text));
  const save = useRequest(async () => {
    if (!parsed.success) return;
    const settings = await call('settings.change', { deadMan: parsed.data });
    setStored(settings);
    setTyped(null);
    const outcome = `The dead-man lease is ${settings.deadMan.leaseS} s from the next renewal.`;
    windowStore.setState({ outcome: { text: outcome, at: now() } });
  });
  const changed = stored !== null && parsed.success && parsed.data !== stored.deadMan.leaseS;
  return (
    <form
      aria-label="Dead-man lease"
      className="grid gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void save.run();
      }}
    >
      <div className="flex items-start gap-2">
        <Field
          label="Dead-man lease"
          unit="s"
          inputMode="numeric"
          className="w-60"
          value={text}
          onValue={setTyped}
          disabled={stored === null}
          hint="without a confirmed health for this long, what rests is cancelled"
          error={stored !== null && !parsed.success ? 'whole seconds, 5 to 300' : undefined}
        />
        <Button type="submit" className="mt-[22px]" disabled={!changed || save.pending}>
          {save.pending ? 'Saving…' : 'Save lease'}
        </Button>
      </div>
      <ErrorLine error={error ?? save.error} />
    </form>
  );
}
