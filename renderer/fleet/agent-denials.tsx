import { useMemo } from 'react';
import type { Agent } from '../../electron/contract/state.ts';
import { useDesk } from '../desk-context.tsx';
import { quantity } from '../format.ts';
import { timeOfDay } from '../format-time.ts';

const shownDenials = 5;

/** What the gate refused of the agent, or of orders in its symbols that it may have had a part in. */
export function AgentDenials({ agent }: { readonly agent: Agent }) {
  const denied = useDesk((desk) => desk.state.denied);
  const mine = useMemo(
    () =>
      denied
        .filter(({ agentId, symbol }) =>
          agentId === null ? agent.symbols.includes(symbol) : agentId === agent.agentId,
        )
        .slice(-shownDenials)
        .toReversed(),
    [denied, agent],
  );
  if (mine.length === 0) return null;
  return (
    <section aria-label="Refused orders">
      <h3 className="mb-0.5 text-label text-dim">Refused by the risk gate</h3>
      <ul>
        {mine.map(({ at, symbol, side, qtyNanos, code, detail }) => (
          <li
            key={`${at} ${symbol} ${code}`}
            className="grid grid-cols-[64px_1fr] gap-x-2 border-b hairline py-1 text-cell last:border-b-0"
          >
            <span className="font-mono text-label text-dim">{timeOfDay(at)}</span>
            <span className="min-w-0">
              {side} {quantity(qtyNanos)} {symbol}: <span className="font-mono text-label">{code}</span>
              <br />
              <span className="text-muted">{detail}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
