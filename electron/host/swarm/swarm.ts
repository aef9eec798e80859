// The life of the swarm: agents are deployed into slots, followed, recovered, stopped. Phases move only as declared in the contract.
import type { AgentPhase } from '../../contract/agent-phase.ts';
import { DeskError } from '../../contract/errors.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Bar } from '../../contract/bar.ts';
import type { ProviderSandbox } from '../sandboxes/provider.ts';
import type { MessageRings } from '../sandboxes/message-ring.ts';
import type { Store } from '../store.ts';
import type { Trading } from '../trading/trading.ts';
import type { Latency } from '../watch/latency.ts';
import { createAgentRecords } from './agent-records.ts';
import type { AgentVitals } from './agent-vitals.ts';
import { reattachAgents } from './reattach-agents.ts';
import { createSlotConnector } from './connect-slot.ts';
import { createRunnerEar } from './hear-runner.ts';
import { judgeAgent } from './judge-agents.ts';
import type { LearntStates } from './learnt-states.ts';
import { createLauncher } from './launch-slot.ts';
import { createRecovery } from './recover-agents.ts';
import { createRollOver } from './roll-over.ts';
import { type RunningSlot, sendLive } from './running-slot.ts';

const judgeMs = 1_000;

export interface Swarm {
  /** Starts the agents of one slot; they are already in the state. Rejects when the slot could not be brought up. */
  launch(slotId: string, agents: readonly Agent[]): Promise<void>;
  forwardBars(bars: readonly Bar[]): void;
  move(agentId: string, phase: AgentPhase, reason: string): void;
  agentsIn(slotId: string): Agent[];
  /** Takes the agent off its runner; the slot ends with its last agent. */
  detach(agentId: string): Promise<void>;
  /** Closes the links of a slot and ends its sandbox. */
  endSlot(slotId: string, reason: string): Promise<void>;
  /** Handles a slot that died: its agents fail and are started again elsewhere while attempts last. */
  loseSlot(slotId: string, reason: string): void;
  /** Everything died with the local services: marks it so and returns the agents to bring back. */
  loseAll(reason: string): Agent[];
  recover(agents: readonly Agent[]): Promise<void>;
  /** Starts agents of an earlier host again in the sandboxes that outlived it; the others of `lost` stay failed. */
  reattach(slotIds: readonly string[], lost: readonly Agent[]): Promise<void>;
  /** Hands the slot's agents to a successor. Rejects when none could be started. */
  rollOver(slotId: string, reason: string): Promise<void>;
  anyRunning(): ProviderSandbox | undefined;
  close(): Promise<void>;
}

export interface SwarmParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly fleet: Fleet;
  readonly trading: Trading;
  readonly latency: Latency;
  readonly vitals: AgentVitals;
  readonly messages: MessageRings;
  readonly learnt: LearntStates;
  readonly runner: () => ArrayBuffer;
  /** Their runner is lost; they are as they were before. */
  readonly onAgentsLost: (lost: readonly Agent[], reason: string) => void;
  /** The agent's planned run time is over. */
  readonly onPlannedEnd: (agentId: string) => void;
}

/** Creates an empty swarm over the parts it steers. */
export function createSwarm(parts: SwarmParts): Swarm {
  const { store, clock, log, fleet, trading, latency, vitals, learnt } = parts;
  const running = new Map<string, RunningSlot>();
  const { find, alive, agentsIn, move, notice } = createAgentRecords(store, clock);
  let closing = false;
  const connect = createSlotConnector({
    fleet,
    learnt,
    latency,
    log,
    runner: parts.runner,
    listen: (slotId) => ({
      onMessage: (message) => ear.receive(slotId, message),
      onBrokenLine: (line) => ear.brokenLine(slotId, line),
      onLost: (reason) => loseSlot(slotId, reason),
    }),
  });
  const launcher = createLauncher({
    store,
    clock,
    log,
    fleet,
    trading,
    latency,
    running,
    connect,
    agentsIn,
    move,
    isClosing: () => closing,
  });
  const recover = createRecovery({
    store,
    clock,
    fleet,
    launch: launcher.launch,
    agentsIn,
    move,
    notice,
    isClosing: () => closing,
  });
  const rollOvers = createRollOver({
    store,
    clock,
    fleet,
    running,
    agentsIn,
    connect,
    endSlot,
    onUnlike: (agentIds) =>
      notice(
        `roll-over-${agentIds.join('-')}`,
        'warning',
        'A successor does not stand where its predecessor did',
        `${agentIds.join(', ')}: the target is kept until the next signal. Stop them to close their positions now.`,
      ),
  });
  const ear = createRunnerEar({
    store,
    clock,
    log,
    vitals,
    latency,
    messages: parts.messages,
    learnt,
    rollOvers,
    agentsIn,
    move,
    notice,
    rebalance: trading.rebalance,
  });
  const timer = setInterval(() => {
    const judges = { vitals, move, loseSlot, onPlannedEnd: parts.onPlannedEnd };
    for (const known of Object.values(store.state().agents))
      if (running.has(known.slotId)) judgeAgent(judges, known, clock.now());
  }, judgeMs);

  function forwardBars(bars: readonly Bar[]): void {
    const sentAt = clock.now();
    launcher.keep(bars);
    for (const [slotId, slot] of running) {
      if (slot.retired) continue;
      const wanted = bars.filter((bar) => slot.symbols.has(bar.symbol));
      if (wanted.length === 0) continue;
      sendLive(slot, sentAt, wanted);
      for (const { agentId } of agentsIn(slotId)) vitals.tick(agentId);
    }
  }

  function loseSlot(slotId: string, reason: string): void {
    const lost = agentsIn(slotId);
    drop(slotId);
    for (const { agentId } of lost) move(agentId, 'failed', reason);
    if (closing) return;
    parts.onAgentsLost(lost, reason);
    void fleet
      .end(slotId, reason)
      .catch((error: unknown) => log.warn({ err: error, slotId }, 'sandbox not ended'))
      .then(() => recover(lost));
  }

  function drop(slotId: string): void {
    const slot = running.get(slotId);
    running.delete(slotId);
    parts.messages.forget(slotId);
    if (slot) void slot.link.close();
  }

  async function detach(agentId: string): Promise<void> {
    const known = find(agentId);
    if (!known) throw new DeskError('AGENT_NOT_FOUND', `There is no agent ${agentId}.`, { agentId });
    running.get(known.slotId)?.link.send({ kind: 'removeAgent', agentId });
    vitals.forget(agentId);
    learnt.forget(agentId);
    latency.forget(`decision/${agentId}`);
    if (agentsIn(known.slotId).length === 0) await endSlot(known.slotId, 'no agents left');
  }

  async function endSlot(slotId: string, reason: string): Promise<void> {
    const slot = running.get(slotId);
    running.delete(slotId);
    parts.messages.forget(slotId);
    await slot?.link.close();
    await fleet.end(slotId, reason);
  }

  return {
    launch: launcher.launch,
    forwardBars,
    move,
    agentsIn,
    detach,
    endSlot,
    loseSlot,
    loseAll(reason) {
      const lost = alive();
      for (const slotId of running.keys()) drop(slotId);
      for (const { agentId } of lost) move(agentId, 'failed', reason);
      fleet.disown(reason);
      parts.onAgentsLost(lost, reason);
      return lost;
    },
    recover,
    reattach: (slotIds, lost) =>
      reattachAgents(
        {
          store,
          clock,
          fleet,
          launch: launcher.launch,
          agentsIn,
          endSlot,
          onFailed: (slotId, error) => log.warn({ err: error, slotId }, 'agents not reattached'),
        },
        slotIds,
        lost,
      ),
    rollOver: rollOvers.start,
    anyRunning: () => running.values().next().value?.sandbox,
    async close() {
      closing = true;
      clearInterval(timer);
      await Promise.all(
        [...running.keys()].map((slotId) => endSlot(slotId, 'host stopping').catch(() => undefined)),
      );
      await learnt.settled();
    },
  };
}
