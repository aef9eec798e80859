// Starts and links the runner in a slot's sandbox.
import type { Bar } from '../../contract/bar.ts';
import type { Agent } from '../../contract/state.ts';
import type { Log } from '../log.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { LinkListener } from '../sandboxes/runner-link.ts';
import type { Latency } from '../watch/latency.ts';
import type { LearntStates } from './learnt-states.ts';
import type { Learnt } from './opening-frames.ts';
import type { RunningSlot } from './running-slot.ts';
import { startRunner } from './start-runner.ts';

/** Warms the runner with the history, lets it decide the replay again, and puts back what its agents had learnt. */
export type ConnectSlot = (
  slotId: string,
  agents: readonly Agent[],
  history: readonly Bar[],
  replay: readonly Bar[],
  learntBefore: readonly Learnt[],
) => Promise<RunningSlot>;

export interface ConnectorParts {
  readonly fleet: Fleet;
  readonly learnt: LearntStates;
  readonly latency: Latency;
  readonly log: Log;
  readonly runner: () => ArrayBuffer;
  /** Who hears the slot's runner. */
  readonly listen: (slotId: string) => LinkListener;
}

/** Creates what connects slots. */
export function createSlotConnector({
  fleet,
  learnt,
  latency,
  log,
  runner,
  listen,
}: ConnectorParts): ConnectSlot {
  return async (slotId, agents, history, replay, learntBefore) => {
    const sandbox = await fleet.open(slotId);
    const known = [...learntBefore, ...agents.flatMap(({ agentId }) => learnt.of(agentId))];
    const link = await startRunner({
      sandbox,
      slotId,
      runner: runner(),
      isPrepared: fleet.isPrepared(slotId),
      carriesRunner: fleet.carriesRunner(slotId),
      agents,
      history,
      replay,
      learnt: known,
      log,
      measureExec: (run) => latency.measure('exec', run),
      listener: listen(slotId),
    });
    const symbols = new Set(agents.flatMap((candidate) => candidate.symbols));
    const slot = { sandbox, link, symbols, learnt: known, retired: false };
    return { ...slot, history: [...history], live: [...replay] };
  };
}
