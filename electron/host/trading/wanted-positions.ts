// What each agent may hold of a symbol right now: its target, cut back to reductions when new risk is blocked.
import { isAlive } from '../../contract/agent-phase.ts';
import type { Agent, DeskState } from '../../contract/state.ts';

export interface WantedPosition {
  readonly agentId: string;
  readonly targetNanos: number;
  readonly positionNanos: number;
}

/** The agents that want to hold, or still hold, the symbol. Agents that failed keep what they have until they recover or are stopped. */
export function wantedPositions(state: DeskState, symbol: string, mayOpen: boolean): WantedPosition[] {
  return Object.values(state.agents)
    .filter((agent) => isAlive(agent.phase))
    .map((agent) => wantedPosition(agent, symbol, mayOpen))
    .filter((wanted) => wanted.targetNanos !== wanted.positionNanos);
}

function wantedPosition(agent: Agent, symbol: string, mayOpen: boolean): WantedPosition {
  const positionNanos = agent.positions[symbol]?.qtyNanos ?? 0;
  const target = agent.phase === 'stopping' ? 0 : (agent.targets[symbol]?.qtyNanos ?? positionNanos);
  const targetNanos = mayOpen ? target : reducedOnly(positionNanos, target);
  return { agentId: agent.agentId, targetNanos, positionNanos };
}

/** The nearest to the target that does not add risk to the position. */
export function reducedOnly(positionNanos: number, targetNanos: number): number {
  if (Math.sign(targetNanos) !== Math.sign(positionNanos)) return 0;
  return Math.abs(targetNanos) > Math.abs(positionNanos) ? positionNanos : targetNanos;
}
