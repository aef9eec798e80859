// The part of the state that events about agents change: phases, targets, virtual books.
import type { EventOf } from './events.ts';
import type { Allocation } from './order-events.ts';
import { notionalMicros } from './money.ts';
import { count } from './reduce-totals.ts';
import type { Agent, DeskState } from './state.ts';

export function changeAgent(
  state: DeskState,
  agentId: string,
  change: (agent: Agent) => Partial<Agent>,
): DeskState {
  const agent = state.agents[agentId];
  if (!agent) return state;
  return { ...state, agents: { ...state.agents, [agentId]: { ...agent, ...change(agent) } } };
}

export function deployAgent(state: DeskState, event: EventOf<'AgentDeployed'>): DeskState {
  const before = state.agents[event.agentId];
  const agent: Agent = {
    agentId: event.agentId,
    swarmId: event.swarmId,
    strategy: event.strategy,
    symbols: event.symbols,
    params: event.params,
    slotId: event.slotId,
    mode: event.mode,
    phase: 'deploying',
    phaseReason: 'sandbox requested',
    phaseSince: event.at,
    deployedAt: before?.deployedAt ?? event.at,
    plannedEndAt: event.plannedEndAt,
    maxPositionMicros: event.maxPositionMicros,
    realisedMicros: before?.realisedMicros ?? 0,
    realisedBySymbol: before?.realisedBySymbol ?? {},
    dayRealisedMicros: before?.dayRealisedMicros ?? 0,
    fills: before?.fills ?? 0,
    feesMicros: before?.feesMicros ?? 0,
    soldMicros: before?.soldMicros ?? 0,
    targets: before?.targets ?? {},
    positions: before?.positions ?? {},
  };
  return { ...state, agents: { ...state.agents, [event.agentId]: agent } };
}

export function allocate(state: DeskState, allocations: readonly Allocation[]): DeskState {
  let next = state;
  let realisedMicros = 0;
  for (const allocation of allocations) {
    realisedMicros += allocation.realisedMicros;
    next = changeAgent(next, allocation.agentId, (agent) => {
      const { [allocation.symbol]: _, ...others } = agent.positions;
      const { agentId, symbol, qtyNanos, costMicros } = allocation;
      return {
        positions:
          qtyNanos === 0 ? others : { ...others, [symbol]: { agentId, symbol, qtyNanos, costMicros } },
        realisedMicros: agent.realisedMicros + allocation.realisedMicros,
        realisedBySymbol: {
          ...agent.realisedBySymbol,
          [symbol]: (agent.realisedBySymbol[symbol] ?? 0) + allocation.realisedMicros,
        },
        dayRealisedMicros: agent.dayRealisedMicros + allocation.realisedMicros,
        fills: agent.fills + 1,
      };
    });
  }
  return count(next, { realisedMicros });
}

/** Marks the book at the given prices: unrealised PnL of one agent, in micro-dollars. */
export function unrealisedMicros(agent: Agent, priceTicks: (symbol: string) => number | undefined): number {
  let total = 0;
  for (const position of Object.values(agent.positions)) {
    const price = priceTicks(position.symbol);
    if (price !== undefined) total += notionalMicros(position.qtyNanos, price) - position.costMicros;
  }
  return total;
}
