// Answers about agents and sandboxes, built from the state and the latest gauges.
import type { z } from 'zod';
import type { Gauges } from '../contract/frames.ts';
import type { SandboxView } from '../contract/sandboxes.ts';
import type { Agent, DeskState, Sandbox } from '../contract/state.ts';
import type { AgentView } from '../contract/swarm.ts';

/** One agent as `status` and `agents` show it. */
export function viewAgent(agent: Agent, state: DeskState, gauges: Gauges): z.infer<typeof AgentView> {
  const gauge = gauges.agents[agent.agentId];
  return {
    agentId: agent.agentId,
    strategy: agent.strategy,
    symbols: [...agent.symbols],
    state: agent.phase,
    reason: agent.phaseReason,
    mode: agent.mode,
    sandboxId: state.sandboxes[agent.slotId]?.sandboxId ?? null,
    fills: agent.fills,
    realisedMicros: agent.realisedMicros,
    unrealisedMicros: gauge?.unrealisedMicros ?? 0,
    infraMicros: gauge?.infraMicros ?? 0,
    positions: Object.values(agent.positions).map(({ symbol, qtyNanos }) => ({ symbol, qtyNanos })),
    decisionP95Ms: gauge?.decision.p95Ms ?? null,
    heartbeatAgeMs: gauge?.heartbeatAgeMs ?? null,
  };
}

/** One sandbox as `list` shows it. */
export function viewSandbox(
  slot: Sandbox,
  state: DeskState,
  usedMicros: number,
): z.infer<typeof SandboxView> {
  return {
    sandboxId: slot.sandboxId,
    slotId: slot.slotId,
    template: slot.template,
    state: slot.phase,
    pooled: slot.pooled,
    cpuCount: slot.cpuCount,
    memoryMb: slot.memoryMb,
    agents: Object.values(state.agents)
      .filter((agent) => agent.slotId === slot.slotId)
      .map((agent) => agent.agentId),
    requestedAt: slot.requestedAt,
    leaseEndsAt: slot.leaseEndsAt,
    spendMicros: slot.postedMicros + usedMicros,
    // What the local services say holds for their own sandboxes.
    isolation: state.provider?.kind === 'e2b' ? null : state.isolation,
  };
}
