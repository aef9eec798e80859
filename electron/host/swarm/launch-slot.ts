// Brings a slot up with its agents: sandbox and history at once, then the runner, then the bars that came meanwhile.
import type { AgentPhase } from '../../contract/agent-phase.ts';
import type { Bar } from '../../contract/bar.ts';
import { latchOf } from '../../contract/latches.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Store } from '../store.ts';
import type { Trading } from '../trading/trading.ts';
import type { Latency } from '../watch/latency.ts';
import type { ConnectSlot } from './connect-slot.ts';
import { historyBars, historyWords } from './history-bars.ts';
import { redeploy } from './recover-agents.ts';
import { lastBars, type RunningSlot, sendLive } from './running-slot.ts';

/** The slot's sandbox was paused and did not run again. */
class WarmSandboxFailed extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`the warm sandbox did not resume: ${reason}`, { cause });
  }
}

export interface Launcher {
  /** Starts the agents of one slot; they are already in the state. Rejects when the slot could not be brought up. */
  launch(slotId: string, agents: readonly Agent[]): Promise<void>;
  /** Keeps bars for the runners that are starting. */
  keep(bars: readonly Bar[]): void;
}

export interface LauncherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly fleet: Fleet;
  readonly trading: Pick<Trading, 'follow' | 'history'>;
  readonly latency: Latency;
  /** Gets the slot once it runs. */
  readonly running: Map<string, RunningSlot>;
  readonly connect: ConnectSlot;
  readonly agentsIn: (slotId: string) => Agent[];
  readonly move: (agentId: string, phase: AgentPhase, reason: string) => void;
  readonly isClosing: () => boolean;
}

/** Creates the launcher; nothing is starting. */
export function createLauncher(parts: LauncherParts): Launcher {
  const { store, clock, log, fleet, trading, latency, running, connect, agentsIn, move } = parts;
  /** Bars that came while a runner started, by the symbols it will follow. */
  const starting = new Map<readonly string[], Bar[]>();

  async function launch(slotId: string, agents: readonly Agent[]): Promise<void> {
    const symbols = [...new Set(agents.flatMap((candidate) => candidate.symbols))];
    const waiting: Bar[] = [];
    const wasWarm = fleet.isPrepared(slotId);
    trading.follow(symbols);
    starting.set(symbols, waiting);
    try {
      const [, history] = await Promise.all([
        fleet.open(slotId).catch((cause: unknown) => {
          if (wasWarm) throw new WarmSandboxFailed(cause);
          throw cause;
        }),
        trading.history(symbols, historyBars(agents)),
      ]);
      for (const { agentId } of agents) move(agentId, 'warming', 'runner starting');
      const slot = await latency.measure('bring-up', () => connect(slotId, agents, history, [], []));
      const known = lastBars(history);
      for (const bar of waiting)
        if (bar.at > (known.get(bar.symbol) ?? -Infinity)) sendLive(slot, clock.now(), [bar]);
      running.set(slotId, slot);
      for (const agent of agents) move(agent.agentId, 'running', historyWords(agent, history));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const { agentId } of agents) move(agentId, 'failed', reason);
      await fleet
        .end(slotId, 'the runner did not start')
        .catch((cause: unknown) => log.warn({ err: cause, slotId }, 'sandbox not ended'));
      if (!(error instanceof WarmSandboxFailed)) throw error;
      await launchAnew(agents);
    } finally {
      starting.delete(symbols);
    }
  }

  /** A warm sandbox that does not come back costs no agent: a fresh one takes its place. */
  async function launchAnew(agents: readonly Agent[]): Promise<void> {
    const still = agents.filter(
      (agent) =>
        store.state().agents[agent.agentId]?.phase === 'failed' && latchOf(store.state(), agent) === null,
    );
    if (parts.isClosing() || still.length === 0) return;
    const [freshId] = fleet.reserve(1, 'base');
    if (freshId === undefined) return;
    for (const known of still) redeploy(store, clock, known, freshId);
    await launch(freshId, agentsIn(freshId));
  }

  return {
    launch,
    keep(bars) {
      for (const [symbols, waiting] of starting)
        waiting.push(...bars.filter((bar) => symbols.includes(bar.symbol)));
    },
  };
}
