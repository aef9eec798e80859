// The life of the swarm: agents are deployed into slots, followed, recovered, stopped. Phases move only as declared in the contract.
import { canMoveAgent, isAlive, type AgentPhase } from '../../contract/agent-phase.ts';
import { DeskError } from '../../contract/errors.ts';
import type { DeskEvent } from '../../contract/events.ts';
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
import type { AgentVitals } from './agent-vitals.ts';
import { reattachAgents } from './reattach-agents.ts';
import { historyBars } from './history-bars.ts';
import { createRunnerEar } from './hear-runner.ts';
import { judgeAgent } from './judge-agents.ts';
import type { LearntStates } from './learnt-states.ts';
import type { Learnt } from './opening-frames.ts';
import { createRecovery, redeploy } from './recover-agents.ts';
import { createRollOver } from './roll-over.ts';
import { lastBars, type RunningSlot, sendLive } from './running-slot.ts';
import { startRunner } from './start-runner.ts';

const judgeMs = 1_000;

/** The slot's sandbox was paused and did not run again. */
class WarmSandboxFailed extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`the warm sandbox did not resume: ${reason}`, { cause });
  }
}

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
  /** The agent's planned run time is over. */
  readonly onPlannedEnd: (agentId: string) => void;
}

/** Creates an empty swarm over the parts it steers. */
export function createSwarm(parts: SwarmParts): Swarm {
  const { store, clock, log, fleet, trading, latency, vitals, learnt } = parts;
  const running = new Map<string, RunningSlot>();
  /** Bars that came while a runner started, by the symbols it will follow. */
  const starting = new Map<readonly string[], Bar[]>();
  let closing = false;
  const recover = createRecovery({
    store,
    clock,
    fleet,
    launch,
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

  function commit(event: DeskEvent): void {
    store.commit(event);
  }

  function agent(agentId: string): Agent | undefined {
    return store.state().agents[agentId];
  }

  function agentsIn(slotId: string): Agent[] {
    return Object.values(store.state().agents).filter(
      (candidate) => candidate.slotId === slotId && isAlive(candidate.phase),
    );
  }

  function move(agentId: string, phase: AgentPhase, reason: string): void {
    const known = agent(agentId);
    if (!known || known.phase === phase || !canMoveAgent(known.phase, phase)) return;
    commit({ kind: 'AgentMoved', at: clock.now(), agentId, phase, reason });
  }

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
      for (const { agentId } of agents) move(agentId, 'running', 'history taken in');
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
    const still = agents.filter(({ agentId }) => agent(agentId)?.phase === 'failed');
    if (closing || still.length === 0 || store.state().entries.kind === 'latched') return;
    const [freshId] = fleet.reserve(1, 'base');
    if (freshId === undefined) return;
    for (const known of still) redeploy(store, clock, known, freshId);
    await launch(freshId, agentsIn(freshId));
  }

  /** Starts and links the runner in an open slot. */
  async function connect(
    slotId: string,
    agents: readonly Agent[],
    history: readonly Bar[],
    replay: readonly Bar[],
    learntBefore: readonly Learnt[],
  ): Promise<RunningSlot> {
    const sandbox = await fleet.open(slotId);
    const known = [...learntBefore, ...agents.flatMap(({ agentId }) => learnt.of(agentId))];
    const link = await startRunner({
      sandbox,
      slotId,
      runner: parts.runner(),
      isPrepared: fleet.isPrepared(slotId),
      carriesRunner: fleet.carriesRunner(slotId),
      agents,
      history,
      replay,
      learnt: known,
      log,
      measureExec: (run) => latency.measure('exec', run),
      listener: {
        onMessage: (message) => ear.receive(slotId, message),
        onBrokenLine: (line) => ear.brokenLine(slotId, line),
        onLost: (reason) => loseSlot(slotId, reason),
      },
    });
    const symbols = new Set(agents.flatMap((candidate) => candidate.symbols));
    const slot = { sandbox, link, symbols, learnt: known, retired: false };
    return { ...slot, history: [...history], live: [...replay] };
  }

  function notice(
    noticeId: string,
    severity: 'info' | 'warning' | 'critical',
    title: string,
    detail: string,
  ): void {
    commit({ kind: 'NoticeRaised', at: clock.now(), noticeId, severity, title, detail });
  }

  function forwardBars(bars: readonly Bar[]): void {
    const sentAt = clock.now();
    for (const [symbols, waiting] of starting)
      waiting.push(...bars.filter((bar) => symbols.includes(bar.symbol)));
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
    const known = agent(agentId);
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
    launch,
    forwardBars,
    move,
    agentsIn,
    detach,
    endSlot,
    loseSlot,
    loseAll(reason) {
      const lost = Object.values(store.state().agents).filter((candidate) => isAlive(candidate.phase));
      for (const slotId of running.keys()) drop(slotId);
      for (const { agentId } of lost) move(agentId, 'failed', reason);
      fleet.disown(reason);
      return lost;
    },
    recover,
    reattach: (slotIds, lost) =>
      reattachAgents(
        {
          store,
          clock,
          fleet,
          launch,
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
