// Looks at every agent's heart once a second: planned ends, missing heartbeats, hearts that beat again.
import { type AgentPhase, isAlive } from '../../contract/agent-phase.ts';
import type { Agent } from '../../contract/state.ts';
import type { AgentVitals } from './agent-vitals.ts';

/** Three missed heartbeats. */
const degradedAfterMs = 6_500;
const lostAfterMs = 30_000;

export interface JudgeParts {
  readonly vitals: AgentVitals;
  readonly move: (agentId: string, phase: AgentPhase, reason: string) => void;
  readonly loseSlot: (slotId: string, reason: string) => void;
  readonly onPlannedEnd: (agentId: string) => void;
}

/** Judges one agent whose runner is linked. */
export function judgeAgent(
  { vitals, move, loseSlot, onPlannedEnd }: JudgeParts,
  agent: Agent,
  now: number,
): void {
  const { agentId, phase, slotId } = agent;
  if (!isAlive(phase)) return;
  if (agent.plannedEndAt <= now && phase !== 'stopping') return onPlannedEnd(agentId);
  const age = vitals.heartbeatAgeMs(agentId) ?? now - agent.phaseSince;
  if (age > lostAfterMs) loseSlot(slotId, `no heartbeat for ${Math.round(age / 1_000)} s`);
  else if (age > degradedAfterMs && phase === 'running') move(agentId, 'degraded', 'heartbeats missing');
  else if (age <= degradedAfterMs && phase === 'degraded') move(agentId, 'running', 'heartbeats are back');
}
