// The way of one order: each step that the journal holds, and how long after the approval it was.
import type { ReactNode } from 'react';
import type { Actor } from '../../electron/contract/names.ts';
import type { OrderEvent } from '../../electron/contract/order-events.ts';
import type { OperationOutput } from '../bridge.ts';
import { pnl, priceOf, quantity, signedQuantity, wallSpan } from '../format.ts';
import { preciseTime } from '../format-time.ts';

type History = OperationOutput<'orders.show'>['history'];

export function OrderHistoryList({ history }: { readonly history: History }) {
  const approval = history.find(({ event }) => event.kind === 'OrderApproved')?.event;
  const decidedAt = approval?.kind === 'OrderApproved' ? approval.decidedAt : undefined;
  return (
    <section aria-label="History">
      <h3 className="mb-0.5 text-label text-dim">History, from the journal</h3>
      <ol>
        {decidedAt === undefined ? null : (
          <Step at={decidedAt} after={null} title="Newest target behind it arrived" />
        )}
        {history.map(({ seq, event }) => (
          <Step
            key={seq}
            at={event.at}
            after={approval && event !== approval ? event.at - approval.at : null}
            {...wordsOf(event)}
          />
        ))}
      </ol>
    </section>
  );
}

interface StepProps {
  readonly at: number;
  /** Milliseconds since the approval; null where there is nothing to count from. */
  readonly after: number | null;
  readonly title: string;
  readonly detail?: ReactNode;
}

function Step({ at, after, title, detail }: StepProps) {
  return (
    <li className="grid grid-cols-[88px_1fr_auto] gap-x-2 border-b hairline py-1.5 text-cell last:border-b-0">
      <span className="font-mono text-label text-dim">{preciseTime(at)}</span>
      <span className="min-w-0 font-medium break-words">{title}</span>
      <span className="text-label text-dim">{after === null || after < 0 ? '' : `+${wallSpan(after)}`}</span>
      {detail ? <span className="col-span-2 col-start-2 text-muted">{detail}</span> : null}
    </li>
  );
}

const askers: Readonly<Record<Actor, string>> = {
  window: 'in the window',
  cli: 'on the command line',
  host: 'by the host',
};

function wordsOf(event: OrderEvent): Pick<StepProps, 'title' | 'detail'> {
  switch (event.kind) {
    case 'OrderApproved':
      return { title: event.isForeign ? 'Taken in: placed beside the desk' : 'Approved by the risk gate' };
    case 'OrderUpdated':
      return { title: event.state === 'sent' ? 'Acknowledged' : sentence(event.state), detail: event.detail };
    case 'OrderCancelAsked':
      return { title: `Cancel asked for ${askers[event.actor]}` };
    case 'OrderCancelRefused':
      return { title: 'Cancel refused', detail: event.detail };
    case 'OrderFilled':
      return {
        title: `Filled ${quantity(event.qtyNanos)} at ${priceOf(event.priceTicks)}`,
        detail: event.allocations.map(({ agentId, deltaNanos, realisedMicros }) => (
          <span key={agentId} className="block">
            {agentId} {signedQuantity(deltaNanos)}
            {realisedMicros === 0 ? '' : `, realised ${pnl(realisedMicros)}`}
          </span>
        )),
      };
    default:
      return { title: event.kind };
  }
}

function sentence(state: string): string {
  const words = state.replace('_', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
