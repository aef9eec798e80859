import { useMemo } from 'react';
import { useDesk } from '../desk-context.tsx';
import { count, priceOf, quantity } from '../format.ts';
import { timeOfDay } from '../format-time.ts';

const shownFills = 12;

/** The newest fills in which the agent had a part; quantities are of the whole fill. */
export function AgentFills({ agentId }: { readonly agentId: string }) {
  const fills = useDesk((desk) => desk.state.fills);
  const mine = useMemo(
    () =>
      fills
        .filter((fill) => fill.agentIds.includes(agentId))
        .slice(-shownFills)
        .toReversed(),
    [fills, agentId],
  );
  return (
    <section aria-label="Fills">
      <h3 className="mb-0.5 text-label text-dim">Newest fills, whole order</h3>
      {mine.length === 0 ? <p className="text-muted">None yet.</p> : null}
      <ul>
        {mine.map((fill) => (
          <li
            key={fill.executionId}
            className="grid h-7 grid-cols-[64px_1fr_auto] items-center gap-x-2 border-b hairline text-cell last:border-b-0"
          >
            <span className="font-mono text-label text-dim">{timeOfDay(fill.at)}</span>
            <span>
              {fill.side} {quantity(fill.qtyNanos)} {fill.symbol} at {priceOf(fill.priceTicks)}
            </span>
            <span className="text-dim">
              {fill.agentIds.length > 1 ? `shared by ${count(fill.agentIds.length)}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
