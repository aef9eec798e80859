// What happened to agents, up to the targets they set.
import { z } from 'zod';
import { agentPhases } from './agent-phase.ts';
import { Micros, PriceTicks, QtyNanos } from './money.ts';
import { Actor, AgentId, EpochMs, Mode, StrategyId, Symbol } from './names.ts';

const at = EpochMs;

export const AgentEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('AgentDeployed'),
    at,
    agentId: AgentId,
    swarmId: z.string(),
    strategy: StrategyId,
    symbols: z.array(Symbol).min(1),
    params: z.record(z.string(), z.number()),
    slotId: z.string(),
    mode: Mode,
    maxPositionMicros: Micros,
    plannedEndAt: EpochMs,
    actor: Actor,
  }),
  z.object({
    kind: z.literal('AgentMoved'),
    at,
    agentId: AgentId,
    phase: z.enum(agentPhases),
    reason: z.string(),
  }),
  /** A successor's runner has taken the agents over: same agents, books and targets, another slot. */
  z.object({
    kind: z.literal('AgentsRolledOver'),
    at,
    agentIds: z.array(AgentId),
    fromSlotId: z.string(),
    toSlotId: z.string(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('TargetSet'),
    at,
    agentId: AgentId,
    symbol: Symbol,
    qtyNanos: QtyNanos,
    priceTicks: PriceTicks,
    reason: z.string(),
  }),
]);
