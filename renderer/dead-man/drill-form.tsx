// The drill: says what it will really do, asks once more, and for LIVE asks for the account number.
import { useState } from 'react';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { useRequest } from '../use-request.ts';

const afterS = 5;

/** `ready`: the lease is held, so that there is something to withhold. */
export function DrillForm(props: { readonly ready: boolean; readonly drilling: boolean }) {
  const { call } = useDeskClient();
  const [asking, setAsking] = useState(false);
  const [accountNumber, setAccountNumber] = useState('');
  const isLive = useDesk((desk) => desk.state.mode === 'live');
  const number = useDesk((desk) => desk.state.accountNumber);
  const drill = useRequest(async () => {
    await call('deadman.drill', { after: afterS, ...(isLive ? { confirm: accountNumber } : {}) });
    setAsking(false);
    setAccountNumber('');
  });
  const busy = drill.pending || props.drilling;
  if (!asking && !busy)
    return (
      <div className="flex items-center gap-3">
        <Button disabled={!props.ready} onClick={() => setAsking(true)}>
          Run a drill…
        </Button>
        {props.ready ? null : <span className="text-cell text-dim">A drill needs a lease that is held.</span>}
        <ErrorLine error={drill.error} />
      </div>
    );
  const complete = props.ready && (!isLive || (accountNumber !== '' && accountNumber === number));
  return (
    <form
      aria-label="Drill"
      className="grid gap-3 rounded-control border border-warn p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete && !busy) void drill.run();
      }}
    >
      <p>
        A drill is real: renewals are withheld, the lease runs out in {afterS} s,{' '}
        <b className="font-medium">every resting order of this account is cancelled</b> and entries are
        blocked until you unblock them. Positions are kept.
      </p>
      {isLive ? (
        <Field
          label="Account number"
          value={accountNumber}
          onValue={setAccountNumber}
          maxLength={40}
          hint="real orders are cancelled: repeat it"
        />
      ) : null}
      <ErrorLine error={drill.error} />
      <div className="flex justify-end gap-2">
        <Button disabled={busy} onClick={() => setAsking(false)}>
          Cancel
        </Button>
        <Button type="submit" tone="danger" disabled={!complete || busy}>
          {busy ? 'Drill under way…' : 'Let the lease run out'}
        </Button>
      </div>
    </form>
  );
}
