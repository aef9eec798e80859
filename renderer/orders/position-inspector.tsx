// One symbol: what the account holds beside the books of its agents, and the orders that may still change it.
import { X } from 'lucide-react';
import type { PositionView } from '../../electron/contract/positions.ts';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import { useDesk } from '../desk-context.tsx';
import { money, pnl, priceOf, quantity, signedQuantity } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { FactGrid } from '../ui/facts.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { useWindowStore } from '../window-state.ts';
import { Difference } from './position-rows.tsx';

export interface PositionInspectorProps {
  readonly position: PositionView;
  readonly onClose: () => void;
}

export function PositionInspector({ position, onClose }: PositionInspectorProps) {
  const mode = useDesk((desk) => desk.state.mode);
  return (
    <aside
      aria-label={`Position ${position.symbol}`}
      className="flex w-[432px] shrink-0 flex-col rounded-card border border-line bg-surface"
    >
      <div className="flex items-center gap-2 px-4 pt-3.5">
        <h2 className="text-section font-semibold">{position.symbol}</h2>
        <ModeChip mode={mode} className="ml-auto" />
        <Button tone="quiet" size="small" aria-label="Close inspector" onClick={onClose}>
          <X size={14} aria-hidden="true" />
        </Button>
      </div>
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto px-4 py-3">
        <DifferenceNote nanos={position.differenceNanos} />
        <div className="live-value">
          <FactGrid
            facts={[
              ['Account', signedQuantity(position.accountNanos)],
              ['Books', signedQuantity(position.qtyNanos)],
              ['Difference', <Difference key="difference" nanos={position.differenceNanos} />],
              ['Average', priceOf(position.averageTicks)],
              ['Mark', priceOf(position.markTicks)],
              ['Value', money(position.valueMicros)],
              ['Unrealised', pnl(position.unrealisedMicros)],
              ['Realised', pnl(position.realisedMicros)],
            ]}
          />
        </div>
        <Holders position={position} />
        <WorkingOrders symbol={position.symbol} />
      </div>
    </aside>
  );
}

function DifferenceNote({ nanos }: { readonly nanos: number | null }) {
  if (nanos === null)
    return <p className="text-cell text-muted">The account has not been read yet; these are the books.</p>;
  if (nanos === 0) return null;
  return (
    <p className="rounded-card border border-warn/45 bg-warn/9 px-3 py-2 text-cell">
      {nanos > 0
        ? 'The account holds more than the agents together: nobody’s book has the rest.'
        : 'The agents’ books say more than the account holds.'}{' '}
      What was there before the desk, or was traded beside it, belongs to no agent.
    </p>
  );
}

function Holders({ position }: { readonly position: PositionView }) {
  if (position.agents.length === 0) return <p className="text-cell text-muted">No agent has traded it.</p>;
  return (
    <div className="min-w-0 overflow-x-auto">
      <table className="data-table dense" aria-label="Agents">
        <thead>
          <tr>
            <th className="left !pl-0">Agent</th>
            <th>Shares</th>
            <th>Average</th>
            <th>Unrealised</th>
            <th className="!pr-0">Realised</th>
          </tr>
        </thead>
        <tbody className="text-cell">
          {position.agents.map((agent) => (
            <tr key={agent.agentId}>
              <td className="left !pl-0 font-medium">{agent.agentId}</td>
              <td>{signedQuantity(agent.qtyNanos)}</td>
              <td className="text-muted">{priceOf(agent.averageTicks)}</td>
              <td className="live-value">{pnl(agent.unrealisedMicros)}</td>
              <td className="!pr-0 text-muted">{pnl(agent.realisedMicros)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function WorkingOrders({ symbol }: { readonly symbol: string }) {
  const windowStore = useWindowStore();
  const orders = useDesk((desk) => desk.state.orders);
  const working = Object.values(orders).filter((order) => order.symbol === symbol && !isFinal(order));
  return (
    <section aria-label="Working orders">
      <h3 className="mb-0.5 text-label text-dim">Working orders</h3>
      {working.length === 0 ? <p className="text-cell text-muted">None.</p> : null}
      {working.map(({ clientOrderId, side, qtyNanos, filledNanos }) => (
        <Button
          key={clientOrderId}
          tone="quiet"
          onClick={() => windowStore.setState({ tradingView: 'orders', selectedOrderId: clientOrderId })}
        >
          {side} {quantity(qtyNanos)}, {quantity(filledNanos)} filled
        </Button>
      ))}
    </section>
  );
}
