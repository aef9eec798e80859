import { useState } from 'react';
import { limitCatalogue, limitNames, limitWords } from '../../electron/contract/limit-catalogue.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { duration } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { FactLines } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

/** Arms LIVE: the account number is typed beside the limits that it is armed for. */
export function ArmDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      kind="alert"
      description="Allows opening orders with real money, under the limits shown."
      open={props.open}
      onClose={props.onClose}
      className="w-[600px] border-t-[3px] border-t-mode-live p-6"
    >
      <ArmForm onClose={props.onClose} />
    </Sheet>
  );
}

function ArmForm({ onClose }: { readonly onClose: () => void }) {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const mode = useDesk((desk) => desk.state.mode);
  const { value: account, error } = useAnswer((ask) => ask('account.show', {}));
  const [typed, setTyped] = useState('');
  const arm = useRequest(async () => {
    if (!account) return;
    const { until } = await call('account.arm', { accountNumber: typed, limits: account.limitsKey });
    onClose();
    windowStore.setState({
      outcome: { text: `LIVE is armed for ${duration(until - now())}.`, at: now() },
    });
  });
  const complete = account !== null && typed.trim() !== '' && typed.trim() === account.accountNumber;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void arm.run();
      }}
    >
      <div className="flex items-center gap-3">
        <SheetTitle>Arm LIVE</SheetTitle>
        <ModeChip mode={mode} className="ml-auto" />
      </div>
      <p className="text-muted">
        Agents may then open positions with real money. It ends by itself once nobody has acted for 24 hours.
      </p>
      <Limits />
      <Field
        label="Account number"
        value={typed}
        onValue={setTyped}
        maxLength={40}
        hint={`type ${account?.accountNumber ?? 'the number'} after comparing it with your broker's`}
        autoFocus
      />
      <ErrorLine error={error ?? arm.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="danger" disabled={!complete || arm.pending}>
          {arm.pending ? 'Arming…' : 'Arm LIVE under these limits'}
        </Button>
      </div>
    </form>
  );
}

/** All of them: whoever arms LIVE has seen what bounds it. */
function Limits() {
  const limits = useDesk((desk) => desk.state.limits);
  return (
    <section aria-label="Limits in force" className="grid gap-1.5">
      <h3 className="text-label text-dim">Limits in force</h3>
      <div className="max-h-72 overflow-y-auto pr-2" tabIndex={0} role="group" aria-label="All limits">
        <FactLines
          facts={limitNames.map((name) => [
            limitCatalogue[name].summary,
            <span key={name} className="whitespace-nowrap">
              {limitWords(name, limits[name])}
            </span>,
          ])}
        />
      </div>
    </section>
  );
}
