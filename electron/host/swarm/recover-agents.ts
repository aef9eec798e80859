// Brings agents back after their sandbox died: same agents, same books, another slot; not without end.
import type { AgentPhase } from '../../contract/agent-phase.ts';
import { latchOf } from '../../contract/latches.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Store } from '../store.ts';

const attemptLimit = 3;
const attemptWindowMs = 600_000;

export interface RecoveryParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly launch: (slotId: string, agents: readonly Agent[]) => Promise<void>;
  readonly agentsIn: (slotId: string) => Agent[];
  readonly move: (agentId: string, phase: AgentPhase, reason: string) => void;
  readonly notice: (noticeId: string, severity: 'warning', title: string, detail: string) => void;
  readonly isClosing: () => boolean;
}

/** Returns the function that recovers agents which were lost; those from one sandbox share one again. */
export function createRecovery(parts: RecoveryParts): (lost: readonly Agent[]) => Promise<void> {
  const { store, clock, fleet } = parts;
  const attempts = new Map<string, number[]>();

  function mayTryAgain(agentId: string): boolean {
    const now = clock.now();
    const recent = (attempts.get(agentId) ?? []).filter((at) => now - at < attemptWindowMs);
    attempts.set(agentId, [...recent, now]);
    return recent.length < attemptLimit;
  }

  async function recoverTogether(agents: readonly Agent[]): Promise<void> {
    try {
      const [slotId] = fleet.reserve(1, fleet.runnerTemplate(), { warm: true });
      if (slotId === undefined) return;
      for (const agent of agents) redeploy(store, clock, agent, slotId);
      await parts.launch(slotId, parts.agentsIn(slotId));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const { agentId } of agents) parts.move(agentId, 'failed', reason);
      const names = agents.map((agent) => agent.agentId).join(', ');
      parts.notice('recovery', 'warning', 'Agents could not be brought back', `${names}: ${reason}`);
    }
  }

  return async (lost) => {
    if (parts.isClosing()) return;
    const armed = lost.filter((agent) => latchOf(store.state(), agent) === null);
    const again = armed.filter((agent) => agent.phase !== 'stopping' && mayTryAgain(agent.agentId));
    const bySlot = new Map<string, Agent[]>();
    for (const agent of again) bySlot.set(agent.slotId, [...(bySlot.get(agent.slotId) ?? []), agent]);
    await Promise.all([...bySlot.values()].map(recoverTogether));
  };
}

/** Puts an agent that failed on record again, in another slot, with its book and targets. */
export function redeploy(store: Store, clock: Clock, agent: Agent, slotId: string): void {
  const { agentId, swarmId, strategy, symbols, params, mode, maxPositionMicros, plannedEndAt } = agent;
  store.commit({
    kind: 'AgentDeployed',
    at: clock.now(),
    agentId,
    swarmId,
    strategy,
    symbols: [...symbols],
    params: { ...params },
    slotId,
    mode,
    maxPositionMicros,
    plannedEndAt,
    actor: 'host',
  });
}
