// Shares one execution out to the agents behind its order, and moves their virtual books. The arithmetic is native.
import type { Allocation, AllocationShare } from '../../../contract/order-events.ts';
import type { Side } from '../../../contract/names.ts';
import type { DeskState } from '../../../contract/state.ts';
import type { Native } from '../../../native/load.ts';

/** Holds what no agent owns, for example a position that was there before the desk. */
export const houseAgentId = 'house';

/** Returns each agent's part of `qtyNanos`, exactly; what goes beyond the order is the house's. `alreadyNanos` was shared out before. */
export function allocateExecution(
  native: Native,
  state: DeskState,
  order: { readonly symbol: string; readonly side: Side; readonly shares: readonly AllocationShare[] },
  alreadyNanos: number,
  qtyNanos: number,
  priceTicks: number,
): Allocation[] {
  const sign = order.side === 'buy' ? 1 : -1;
  const orderedNanos = order.shares.reduce((sum, share) => sum + share.qtyNanos, 0);
  const insideNanos = Math.min(qtyNanos, Math.max(0, orderedNanos - alreadyNanos));
  const parts = insideNanos > 0 ? native.allocateFill([...order.shares], alreadyNanos, insideNanos) : [];
  return [...parts, { agentId: houseAgentId, qtyNanos: qtyNanos - insideNanos }]
    .filter((part) => part.qtyNanos > 0)
    .map((part) => moveBook(native, state, part.agentId, order.symbol, sign * part.qtyNanos, priceTicks));
}

/** Moves one agent's book by `deltaNanos` at a price. */
export function moveBook(
  native: Native,
  state: DeskState,
  agentId: string,
  symbol: string,
  deltaNanos: number,
  priceTicks: number,
): Allocation {
  const before = state.agents[agentId]?.positions[symbol] ?? { qtyNanos: 0, costMicros: 0 };
  const after = native.applyFill(
    { qtyNanos: before.qtyNanos, costMicros: before.costMicros },
    deltaNanos,
    priceTicks,
  );
  return {
    agentId,
    symbol,
    deltaNanos,
    qtyNanos: after.qtyNanos,
    costMicros: after.costMicros,
    realisedMicros: after.realisedMicros,
  };
}

/** Splits a closing quantity over the agents that hold the position; what nobody holds is the house's. */
export function closingShares(state: DeskState, symbol: string, positionNanos: number): AllocationShare[] {
  let openNanos = Math.abs(positionNanos);
  const shares: AllocationShare[] = [];
  for (const agent of Object.values(state.agents)) {
    const held = agent.positions[symbol]?.qtyNanos ?? 0;
    if (Math.sign(held) !== Math.sign(positionNanos) || openNanos === 0) continue;
    const qtyNanos = Math.min(Math.abs(held), openNanos);
    shares.push({ agentId: agent.agentId, qtyNanos });
    openNanos -= qtyNanos;
  }
  if (openNanos > 0) shares.push({ agentId: houseAgentId, qtyNanos: openNanos });
  return shares;
}
