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

/**
 * Gives each agent its part of a fill or a cross, in one copy of all agents. `soldTicks` is the price of a sale at the
 * market, null for anything else.
 */
export function allocate(
  state: DeskState,
  allocations: readonly Allocation[],
  soldTicks: number | null,
): DeskState {
  const agents = { ...state.agents };
  let realisedMicros = 0;
  for (const allocation of allocations) {
    realisedMicros += allocation.realisedMicros;
    const agent = agents[allocation.agentId];
    if (agent) agents[allocation.agentId] = allocateTo(agent, allocation, soldTicks);
  }
  return count({ ...state, agents }, { realisedMicros });
}

function allocateTo(agent: Agent, allocation: Allocation, soldTicks: number | null): Agent {
  const { agentId, symbol, qtyNanos, costMicros, deltaNanos, realisedMicros } = allocation;
  const { [symbol]: _, ...others } = agent.positions;
  const soldMicros = soldTicks === null ? 0 : notionalMicros(Math.abs(deltaNanos), soldTicks);
  return {
    ...agent,
    positions: qtyNanos === 0 ? others : { ...others, [symbol]: { agentId, symbol, qtyNanos, costMicros } },
    realisedMicros: agent.realisedMicros + realisedMicros,
    realisedBySymbol: {
      ...agent.realisedBySymbol,
      [symbol]: (agent.realisedBySymbol[symbol] ?? 0) + realisedMicros,
    },
    dayRealisedMicros: agent.dayRealisedMicros + realisedMicros,
    fills: agent.fills + 1,
    soldMicros: agent.soldMicros + soldMicros,
  };
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
