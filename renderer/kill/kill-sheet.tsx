// "Stop all trading": choose what happens to the positions, do it, watch the receipt until every row is final.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { KillPolicy } from '../../electron/contract/names.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { timeWithZone } from '../format-time.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { exportReceipt } from './export-receipt.ts';
import type { KillGuard } from './kill-guard.ts';
import { killButtonLabel, planKill } from './kill-plan.ts';
import { KillReceiptTable } from './kill-receipt-table.tsx';
import { PlannedPositions } from './planned-positions.tsx';
import { PolicyCards } from './policy-cards.tsx';

export function KillSheet(props: { readonly guard: KillGuard }) {
  const open = useStore(props.guard.store, (state) => state.open);
  return (
    <Sheet
      kind="alert"
      description="New entries are blocked. Choose what happens to open positions, then confirm."
      open={open}
      onClose={() => props.guard.close()}
      className="w-[760px] border-t-[3px] border-t-critical px-6 py-5"
    >
      <div className="grid gap-4">
        <KillContent guard={props.guard} />
      </div>
    </Sheet>
  );
}

function KillContent({ guard }: { readonly guard: KillGuard }) {
  const { call } = useDeskClient();
  const state = useDesk((desk) => desk.state);
  const gauges = useDesk((desk) => desk.gauges);
  const guarded = useStore(guard.store);
  const [policy, setPolicy] = useState<KillPolicy>('flatten');
  const kill = useRequest(async () => {
    guard.keepBlock();
    await call('swarm.kill', { scope: 'all', policy, reason: 'kill sheet of the window' });
  });
  const latched = state.entries.kind === 'latched';
  const plan = planKill(state, gauges);
  return (
    <>
      <div className="flex items-center gap-3">
        <SheetTitle className="text-title">Stop all trading</SheetTitle>
        <BlockState />
        <ModeChip mode={state.mode} className="ml-auto" />
      </div>
      <ErrorLine error={guarded.error ?? kill.error} />
      {latched && state.kill ? (
        <KillReceiptTable receipt={state.kill} />
      ) : (
        <>
          <PolicyCards policy={policy} plan={plan} onChoose={setPolicy} disabled={kill.pending} />
          <PlannedPositions plan={plan} />
        </>
      )}
      <div className="flex items-center gap-3">
        <span className="text-cell text-muted">
          {guarded.ownsBlock ? 'Esc unblocks. ' : 'Esc closes. '}
          Re-arming needs a reason. Nothing restarts by itself.
        </span>
        <span className="flex-1" />
        {latched ? (
          <AfterKill guard={guard} />
        ) : (
          <Button tone="danger" size="large" disabled={kill.pending} onClick={() => void kill.run()}>
            {kill.pending ? 'Stopping…' : killButtonLabel(policy, plan)}
          </Button>
        )}
      </div>
    </>
  );
}

function BlockState() {
  const entries = useDesk((desk) => desk.state.entries);
  switch (entries.kind) {
    case 'open':
      return <span className="text-muted">blocking new entries…</span>;
    case 'blocked':
    case 'latched':
      return (
        <span role="status" className="inline-flex items-center gap-1.5 text-warn">
          <Glyph shape="triangle" />
          new entries blocked since {timeWithZone(entries.since)}
        </span>
      );
  }
}

function AfterKill({ guard }: { readonly guard: KillGuard }) {
  const receipt = useDesk((desk) => desk.state.kill);
  const mode = useDesk((desk) => desk.state.mode);
  const windowStore = useWindowStore();
  if (!receipt) return null;
  const finished = receipt.finishedAt !== null;
  return (
    <>
      <Button onClick={() => exportReceipt(receipt, mode)}>Export receipt</Button>
      <Button
        disabled={!finished}
        title={finished ? undefined : 'The stop is still at work'}
        onClick={() => {
          guard.close();
          windowStore.setState({ dialog: 'rearm' });
        }}
      >
        Re-arm…
      </Button>
    </>
  );
}
