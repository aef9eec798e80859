// Brings agents of an earlier host back in the sandboxes that outlived it.
import { latchOf } from '../../contract/latches.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Store } from '../store.ts';
import { redeploy } from './recover-agents.ts';

export interface ReattachParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly launch: (slotId: string, agents: readonly Agent[]) => Promise<void>;
  readonly agentsIn: (slotId: string) => Agent[];
  readonly endSlot: (slotId: string, reason: string) => Promise<void>;
  readonly onFailed: (slotId: string, error: unknown) => void;
}

/** Starts the lost agents of these slots again; while entries are not open, ends their sandboxes instead. Never rejects. */
export async function reattachAgents(
  parts: ReattachParts,
  slotIds: readonly string[],
  lost: readonly Agent[],
): Promise<void> {
  await Promise.all(
    slotIds.map((slotId) => {
      const agents = lost.filter((agent) => agent.slotId === slotId && agent.phase !== 'stopping');
      return reattach(parts, slotId, agents).catch((error: unknown) => parts.onFailed(slotId, error));
    }),
  );
}

async function reattach(parts: ReattachParts, slotId: string, agents: readonly Agent[]): Promise<void> {
  const { store, clock, fleet } = parts;
  if (agents.length === 0) return;
  if (store.state().entries.kind !== 'open') return parts.endSlot(slotId, 'entries are not open');
  const armed = agents.filter((agent) => latchOf(store.state(), agent) === null);
  if (armed.length === 0) return parts.endSlot(slotId, 'its agents were killed');
  for (const agent of armed) redeploy(store, clock, agent, slotId);
  // What the old runner said meanwhile nobody acknowledged; a new one starts from history.
  const sandbox = await fleet.open(slotId);
  await sandbox.exec('pkill -KILL -x desk-runner; true');
  await parts.launch(slotId, parts.agentsIn(slotId));
}
