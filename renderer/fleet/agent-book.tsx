// What one agent holds in its own book, and what it wants to hold and why.
import { MICROS_PER_TICK, notionalMicros } from '../../electron/contract/money.ts';
import type { Agent } from '../../electron/contract/state.ts';
import { useDesk } from '../desk-context.tsx';
import { pnl, priceOf, signedQuantity } from '../format.ts';
import { timeOfDay } from '../format-time.ts';

export function AgentBook({ agent }: { readonly agent: Agent }) {
  return (
    <>
      <Positions agent={agent} />
      <Targets agent={agent} />
    </>
  );
}

function Positions({ agent }: { readonly agent: Agent }) {
  const quotes = useDesk((desk) => desk.gauges?.market.quotes);
  const positions = Object.values(agent.positions);
  if (positions.length === 0) {
    return (
      <section aria-label="Positions">
        <h3 className="mb-1 text-label text-dim">Positions</h3>
        <p className="text-muted">Flat.</p>
      </section>
    );
  }
  return (
    <section aria-label="Positions">
      <table className="data-table" aria-label="Positions">
        <thead>
          <tr>
            <th className="left !pl-0">Position</th>
            <th>Shares</th>
            <th>Cost</th>
            <th>Last</th>
            <th className="!pr-0">Open PnL</th>
          </tr>
        </thead>
        <tbody className="text-cell">
          {positions.map((position) => {
            const last = quotes?.[position.symbol]?.lastTicks ?? null;
            const open = last === null ? null : notionalMicros(position.qtyNanos, last) - position.costMicros;
            return (
              <tr key={position.symbol}>
                <td className="left !pl-0 font-medium">{position.symbol}</td>
                <td>{signedQuantity(position.qtyNanos)}</td>
                <td className="text-muted">
                  {priceOf(averageCostTicks(position.qtyNanos, position.costMicros))}
                </td>
                <td className="live-value text-muted">{priceOf(last)}</td>
                <td className="live-value !pr-0">{pnl(open)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Average cost a share in price ticks, rounded to a cent for display. */
function averageCostTicks(qtyNanos: number, costMicros: number): number {
  const ticks = costMicros / MICROS_PER_TICK / (qtyNanos / 1e9);
  return Math.round(ticks / 100) * 100;
}

function Targets({ agent }: { readonly agent: Agent }) {
  const targets = Object.entries(agent.targets);
  return (
    <section aria-label="Targets">
      <h3 className="mb-0.5 text-label text-dim">Targets</h3>
      {targets.length === 0 ? <p className="text-muted">None yet.</p> : null}
      <ul>
        {targets.map(([symbol, target]) => (
          <li
            key={symbol}
            className="grid grid-cols-[64px_1fr_auto] gap-x-2 border-b hairline py-1.5 last:border-b-0"
          >
            <span className="font-medium">{symbol}</span>
            <span>hold {signedQuantity(target.qtyNanos)}</span>
            <span className="font-mono text-label text-dim">{timeOfDay(target.at)}</span>
            <span className="col-span-2 col-start-2 text-cell text-muted">{target.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
