// What the swarm reads and writes about agents in the desk's state.
import { type AgentPhase, canMoveAgent, isAlive } from '../../contract/agent-phase.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

export interface AgentRecords {
  find(agentId: string): Agent | undefined;
  /** Those that live, of all slots. */
  alive(): Agent[];
  /** Those that live in the slot. */
  agentsIn(slotId: string): Agent[];
  /** Moves an agent where the contract allows it; does nothing otherwise. */
  move(agentId: string, phase: AgentPhase, reason: string): void;
  notice(noticeId: string, severity: 'info' | 'warning' | 'critical', title: string, detail: string): void;
}

/** Works on the store. */
export function createAgentRecords(store: Store, clock: Clock): AgentRecords {
  const find = (agentId: string): Agent | undefined => store.state().agents[agentId];
  const alive = (): Agent[] => Object.values(store.state().agents).filter((agent) => isAlive(agent.phase));
  return {
    find,
    alive,
    agentsIn: (slotId) => alive().filter((agent) => agent.slotId === slotId),
    move(agentId, phase, reason) {
      const known = find(agentId);
      if (!known || known.phase === phase || !canMoveAgent(known.phase, phase)) return;
      store.commit({ kind: 'AgentMoved', at: clock.now(), agentId, phase, reason });
    },
    notice(noticeId, severity, title, detail) {
      store.commit({ kind: 'NoticeRaised', at: clock.now(), noticeId, severity, title, detail });
    },
  };
}
