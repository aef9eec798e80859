import { isWide } from '../../electron/contract/kill-scope.ts';
import { signedQuantity, unknown, wholeMoney } from '../format.ts';
import type { KillPlan } from './kill-plan.ts';

/** The open positions, of the account or of the books that are to be stopped, before anything is done to them. */
export function PlannedPositions({ plan }: { readonly plan: KillPlan }) {
  if (plan.positions.length === 0) return null;
  const byBook = !isWide(plan.scope);
  return (
    <div className="max-h-56 overflow-y-auto">
      <table className="data-table" aria-label="Open positions">
        <thead>
          <tr>
            {byBook ? <th className="left">Agent</th> : null}
            <th className="left">Open position</th>
            <th>Shares</th>
            <th>Value, USD</th>
          </tr>
        </thead>
        <tbody>
          {plan.positions.map((exposure) => (
            <tr key={`${exposure.agentId} ${exposure.symbol}`}>
              {byBook ? <td className="left text-muted">{exposure.agentId}</td> : null}
              <td className="left font-medium">{exposure.symbol}</td>
              <td>{signedQuantity(exposure.qtyNanos)}</td>
              <td className="text-muted">
                {exposure.valueMicros === null ? `${unknown} no quote` : wholeMoney(exposure.valueMicros)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
