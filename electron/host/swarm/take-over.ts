// After a crash the journal tells what was running. Nobody follows those agents now; which sandboxes still run, the reaper finds out.
import { isAlive } from '../../contract/agent-phase.ts';
import type { Clock } from '../clock.ts';
import type { Agent } from '../../contract/state.ts';
import type { Store } from '../store.ts';

const reason = 'the host stopped unexpectedly';

/** Marks the agents as lost, closes unfinished kills as unverified, and tells the operator. Returns the lost agents. */
export function takeOverAfterCrash(store: Store, clock: Clock): Agent[] {
  const at = clock.now();
  const { agents, kill, latches } = store.state();
  const lost = Object.values(agents).filter((agent) => isAlive(agent.phase));
  for (const { agentId } of lost) store.commit({ kind: 'AgentMoved', at, agentId, phase: 'failed', reason });
  const unfinished = [...(kill ? [kill] : []), ...Object.values(latches)].filter(
    ({ finishedAt }) => finishedAt === null,
  );
  for (const { killId } of unfinished) store.commit({ kind: 'KillFinished', at, killId, verified: false });
  if (lost.length === 0 && unfinished.length === 0) return lost;
  store.commit({
    kind: 'NoticeRaised',
    at,
    noticeId: 'crash',
    severity: 'warning',
    title: 'The host stopped unexpectedly',
    detail: `${lost.length} agents were lost and keep their positions. Stop them to close the positions, or deploy anew.`,
  });
  return lost;
}
