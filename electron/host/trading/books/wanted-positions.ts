// What each agent may hold of a symbol right now: its target, cut back to reductions when new risk is blocked.
import { isAlive } from '../../../contract/agent-phase.ts';
import { latchOf } from '../../../contract/latches.ts';
import type { Agent, DeskState } from '../../../contract/state.ts';

export interface WantedPosition {
  readonly agentId: string;
  readonly targetNanos: number;
  readonly positionNanos: number;
}

/**
 * The agents that want to hold, or still hold, the symbol. Agents that failed keep what they have until they recover or
 * are stopped. Of killed ones, dead or alive, the kill has said what they keep; what it has not named they hold.
 */
export function wantedPositions(state: DeskState, symbol: string, mayOpen: boolean): WantedPosition[] {
  return Object.values(state.agents)
    .map((agent) => ({ agent, isKilled: latchOf(state, agent) !== null }))
    .filter(({ agent, isKilled }) => isKilled || isAlive(agent.phase))
    .map(({ agent, isKilled }) => wantedPosition(agent, symbol, mayOpen, isKilled))
    .filter((wanted) => wanted.targetNanos !== wanted.positionNanos);
}

function wantedPosition(agent: Agent, symbol: string, mayOpen: boolean, isKilled: boolean): WantedPosition {
  const positionNanos = agent.positions[symbol]?.qtyNanos ?? 0;
  const closesAll = agent.phase === 'stopping' && !isKilled;
  const target = closesAll ? 0 : (agent.targets[symbol]?.qtyNanos ?? positionNanos);
  const targetNanos = mayOpen && !isKilled ? target : reducedOnly(positionNanos, target);
  return { agentId: agent.agentId, targetNanos, positionNanos };
}

/** The nearest to the target that does not add risk to the position. */
export function reducedOnly(positionNanos: number, targetNanos: number): number {
  if (Math.sign(targetNanos) !== Math.sign(positionNanos)) return 0;
  return Math.abs(targetNanos) > Math.abs(positionNanos) ? positionNanos : targetNanos;
}
