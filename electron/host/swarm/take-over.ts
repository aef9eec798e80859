// After a crash the journal tells what was running. The local sandboxes died with the host; this puts that on record.
import { isAlive } from '../../contract/agent-phase.ts';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Store } from '../store.ts';

const reason = 'the host stopped unexpectedly';

/** Marks what did not survive as lost, charges its leases, closes an unfinished kill as unverified, and tells the operator. */
export function takeOverAfterCrash(store: Store, fleet: Fleet, clock: Clock): void {
  const at = clock.now();
  const { agents, kill } = store.state();
  const lost = Object.values(agents).filter((agent) => isAlive(agent.phase));
  for (const { agentId } of lost) store.commit({ kind: 'AgentMoved', at, agentId, phase: 'failed', reason });
  for (const { slotId } of fleet.aliveSlots()) fleet.lose(slotId, reason);
  if (kill && kill.finishedAt === null)
    store.commit({ kind: 'KillFinished', at, killId: kill.killId, verified: false });
  if (lost.length === 0 && (!kill || kill.finishedAt !== null)) return;
  store.commit({
    kind: 'NoticeRaised',
    at,
    noticeId: 'crash',
    severity: 'warning',
    title: 'The host stopped unexpectedly',
    detail: `${lost.length} agents were lost and keep their positions. Stop them to close the positions, or deploy anew.`,
  });
}
