// "Stop all trading", or less of it: choose what to stop and what happens to the positions, do it, watch the receipt until
// every row is final.
import { useState } from 'react';
import { useStore } from 'zustand';
import { isWide, type KillScope, scopeParts, scopeWords } from '../../electron/contract/kill-scope.ts';
import type { KillPolicy } from '../../electron/contract/names.ts';
import type { DeskState, KillReceipt } from '../../electron/contract/state.ts';
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
import { ScopeChoice } from './scope-choice.tsx';

export function KillSheet(props: { readonly guard: KillGuard }) {
  const open = useStore(props.guard.store, (state) => state.open);
  return (
    <Sheet
      kind="alert"
      description="Choose what to stop and what happens to its open positions, then confirm."
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
  const { scope } = guarded;
  const [policy, setPolicy] = useState<KillPolicy>('flatten');
  const kill = useRequest(async () => {
    guard.keepBlock();
    await call('swarm.kill', { scope, policy, reason: 'kill sheet of the window' });
  });
  const receipt = latchedReceipt(state, scope);
  const plan = planKill(state, gauges, scope);
  return (
    <>
      <div className="flex items-center gap-3">
        <SheetTitle className="text-title">{titleOf(receipt?.scope ?? scope)}</SheetTitle>
        <BlockState scope={scope} receipt={receipt} />
        <ModeChip mode={state.mode} className="ml-auto" />
      </div>
      <ErrorLine error={guarded.error ?? kill.error} />
      {receipt ? (
        <KillReceiptTable receipt={receipt} />
      ) : (
        <>
          <ScopeChoice scope={scope} onChoose={guard.choose} />
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
        {receipt ? (
          <AfterKill guard={guard} receipt={receipt} />
        ) : (
          <Button tone="danger" size="large" disabled={kill.pending} onClick={() => void kill.run()}>
            {kill.pending ? 'Stopping…' : killButtonLabel(policy, plan)}
          </Button>
        )}
      </div>
    </>
  );
}

/** The receipt of the kill that has stopped the scope; null while nothing has. */
function latchedReceipt({ entries, kill, latches }: DeskState, scope: KillScope): KillReceipt | null {
  return entries.kind === 'latched' ? kill : (latches[scope] ?? null);
}

function titleOf(scope: KillScope): string {
  return scopeParts(scope).kind === 'all' ? 'Stop all trading' : `Stop ${scopeWords(scope)}`;
}

interface BlockStateProps {
  readonly scope: KillScope;
  readonly receipt: KillReceipt | null;
}

function BlockState({ scope, receipt }: BlockStateProps) {
  const entries = useDesk((desk) => desk.state.entries);
  if (receipt && !isWide(receipt.scope)) return <Since words="stopped" at={receipt.startedAt} />;
  if (entries.kind !== 'open') return <Since words="new entries blocked" at={entries.since} />;
  return isWide(scope) ? <span className="text-muted">blocking new entries…</span> : null;
}

function Since({ words, at }: { readonly words: string; readonly at: number }) {
  return (
    <span role="status" className="inline-flex items-center gap-1.5 text-warn">
      <Glyph shape="triangle" />
      {words} since {timeWithZone(at)}
    </span>
  );
}

interface AfterKillProps {
  readonly guard: KillGuard;
  readonly receipt: KillReceipt;
}

function AfterKill({ guard, receipt }: AfterKillProps) {
  const mode = useDesk((desk) => desk.state.mode);
  const windowStore = useWindowStore();
  const finished = receipt.finishedAt !== null;
  return (
    <>
      <Button onClick={() => exportReceipt(receipt, mode)}>Export receipt</Button>
      <Button
        disabled={!finished}
        title={finished ? undefined : 'The stop is still at work'}
        onClick={() => {
          guard.close();
          windowStore.setState({ dialog: 'rearm', rearmScope: receipt.scope });
        }}
      >
        Re-arm…
      </Button>
    </>
  );
}
