import { signedQuantity, unknown, wholeMoney } from '../format.ts';
import type { KillPlan } from './kill-plan.ts';

/** The account's open positions, before anything is done to them. */
export function PlannedPositions({ plan }: { readonly plan: KillPlan }) {
  if (plan.exposures.length === 0) return null;
  return (
    <div className="max-h-56 overflow-y-auto">
      <table className="data-table" aria-label="Open positions">
        <thead>
          <tr>
            <th className="left">Open position</th>
            <th>Shares</th>
            <th>Value, USD</th>
          </tr>
        </thead>
        <tbody>
          {plan.exposures.map((exposure) => (
            <tr key={exposure.symbol}>
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
