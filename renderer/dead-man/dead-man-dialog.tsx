// The dead-man lease with everything that it is renewed by, what its firings did, and its drill.
import type { DeadManFiring, DeadManGauge, HealthFact } from '../../electron/contract/dead-man.ts';
import { useDesk } from '../desk-context.tsx';
import { counted } from '../format.ts';
import { timeWithZone } from '../format-time.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { FactLines } from '../ui/facts.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { DrillForm } from './drill-form.tsx';
import { type LeaseState, leaseWords, useLeaseState } from './lease-state.ts';

export function DeadManDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      description="The lease that the host renews while its health is confirmed."
      open={props.open}
      onClose={props.onClose}
      className="w-[600px] p-6"
    >
      <DeadMan onClose={props.onClose} />
    </Sheet>
  );
}

function DeadMan({ onClose }: { readonly onClose: () => void }) {
  const mode = useDesk((desk) => desk.state.mode);
  const gauge = useDesk((desk) => desk.gauges?.deadMan ?? null);
  const record = useDesk((desk) => desk.state.deadMan);
  const lease = useLeaseState();
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3">
        <SheetTitle>Dead-man lease</SheetTitle>
        <ModeChip mode={mode} className="ml-auto" />
      </div>
      <p className={classNames('text-section font-medium', readingTones[lease.kind])} role="status">
        {readingOf(lease, gauge)}
      </p>
      <p className="text-muted">
        While every fact below is confirmed the host renews a lease of {gauge?.leaseS ?? '—'} s. When it runs
        out, every resting order of the account is cancelled and entries stay blocked until you unblock them.
        A watchdog thread does so even where the host hangs. A host process that was killed cannot act: what
        must not outlive it has to be a DAY order.
      </p>
      <Facts facts={gauge?.facts ?? []} />
      <FactLines
        facts={[
          ['Last firing', firingWords(record.lastFiring)],
          ['Last drill', firingWords(record.lastDrill)],
        ]}
      />
      <Orders firing={latest(record.lastFiring, record.lastDrill)} />
      <DrillForm ready={gauge?.phase === 'held'} drilling={gauge?.drilling ?? false} />
      <div className="flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </div>
  );
}

function readingOf(lease: LeaseState, gauge: DeadManGauge | null): string {
  switch (lease.kind) {
    case 'unknown':
      return 'Nothing was heard of it yet';
    case 'waiting':
      return 'No lease yet: nothing may be opened before the first full confirmation';
    case 'held':
      return 'Held: every fact is confirmed';
    case 'lapsing':
      return `${gauge?.drilling ? 'DRILL, not renewed' : 'Not renewed'}: ${leaseWords(lease, gauge?.leaseS)}`;
    case 'fired':
      return gauge?.phase === 'expired'
        ? 'Run out: entries are blocked'
        : 'Ran out; held again. Entries stay blocked until you unblock';
  }
}

const readingTones: Readonly<Record<LeaseState['kind'], string>> = {
  unknown: 'text-muted',
  waiting: 'text-warn',
  held: '',
  lapsing: 'text-warn live-value',
  fired: 'text-critical',
};

function Facts({ facts }: { readonly facts: readonly HealthFact[] }) {
  return (
    <table aria-label="Facts of the host's health" className="w-full text-cell">
      <tbody>
        {facts.map(({ name, ok, detail, boundMs }) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className="w-32 py-1 text-left font-medium">
              {name}
            </th>
            <td className={ok ? 'text-muted' : 'text-warn'}>
              <span className="inline-flex items-center gap-1.5">
                <Glyph
                  shape={ok ? 'dot' : 'triangle'}
                  className={classNames('shrink-0', ok && 'text-control')}
                />
                <span className="sr-only">{ok ? 'confirmed' : 'not confirmed'}</span>
                <span className="live-value">{detail}</span>
              </span>
            </td>
            <td className="text-right whitespace-nowrap text-dim">
              {boundMs === null ? '' : `within ${boundMs / 1_000} s`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Orders({ firing }: { readonly firing: DeadManFiring | null }) {
  const orders = firing?.outcome?.orders ?? [];
  if (orders.length === 0) return null;
  return (
    <ul
      aria-label="Orders that rested"
      className="max-h-32 overflow-y-auto border-t border-line pt-2 text-cell text-muted"
    >
      {orders.map(({ brokerOrderId, label, status }) => (
        <li key={brokerOrderId} className="flex justify-between gap-4 tabular-nums">
          <span>{label}</span>
          <span>{status}</span>
        </li>
      ))}
    </ul>
  );
}

function latest(one: DeadManFiring | null, other: DeadManFiring | null): DeadManFiring | null {
  return (one?.at ?? 0) > (other?.at ?? 0) ? one : other;
}

function firingWords(firing: DeadManFiring | null): string {
  if (!firing) return 'never on this account';
  const { at, outcome } = firing;
  const when = timeWithZone(at);
  if (!outcome) return `${when}: cancelling`;
  if (!outcome.confirmed) return `${when}: NOT confirmed: ${outcome.failure ?? 'no answer'}`;
  const took = `${((outcome.tookMs ?? 0) / 1_000).toFixed(2)} s`;
  return `${when}: ${counted(outcome.orders.length, 'order')}, nothing open after ${took}, seen by the ${outcome.by ?? 'host'}`;
}
