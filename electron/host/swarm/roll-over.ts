// Before a sandbox reaches its session cap, a successor takes its agents over: warmed from the same history, walked
// through the same bars, and switched to between two bars. Ids, books and targets stay; each bar is decided by exactly one of them.
import { DeskError } from '../../contract/errors.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { RunnerMessage } from '../sandboxes/link-messages.ts';
import type { Store } from '../store.ts';
import type { ConnectSlot } from './connect-slot.ts';
import { lastBars, type RunningSlot, sendLive } from './running-slot.ts';
import { greeting } from './start-runner.ts';

const drainMs = 5_000;

type Target = Extract<RunnerMessage, { kind: 'target' }>;

interface Handover {
  readonly fromSlotId: string;
  readonly toSlotId: string;
  /** Last bar of each symbol that is the predecessor's to decide. Empty until the switch: then all are. */
  cut: ReadonlyMap<string, number> | null;
  /** What the successor wants by its own count, by agent and symbol. */
  readonly wanted: Map<string, number>;
  /** Agents and symbols for which the successor has decided on bars of its own. */
  readonly decided: Set<string>;
  /** Highest message delivered, and the one up to which each side must be heard. */
  readonly delivered: Map<string, number>;
  readonly awaited: Map<string, number>;
  onProgress: () => void;
}

export interface RollOver {
  /** Hands the slot's agents to a successor and ends the slot. Rejects, with nothing changed, when none could be started. */
  start(slotId: string, reason: string): Promise<void>;
  /** Follows what both sides say. */
  hear(slotId: string, message: RunnerMessage): void;
  /** True when the target is this slot's to set. */
  maySet(slotId: string, agent: Agent, target: Target): boolean;
}

export interface RollOverParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly running: Map<string, RunningSlot>;
  readonly agentsIn: (slotId: string) => Agent[];
  /** Brings a runner up in an open slot; what its agents have learnt since is put back besides. */
  readonly connect: ConnectSlot;
  readonly endSlot: (slotId: string, reason: string) => Promise<void>;
  readonly onUnlike: (agentIds: readonly string[]) => void;
}

/** Creates the roll-over; it acts on request only. */
export function createRollOver(parts: RollOverParts): RollOver {
  const { store, clock, fleet, running } = parts;
  const handovers = new Map<string, Handover>();

  async function start(slotId: string, reason: string): Promise<void> {
    if (parts.agentsIn(slotId).length === 0) return parts.endSlot(slotId, reason);
    const [toSlotId] = fleet.reserve(1, fleet.runnerTemplate(), { warm: true, successor: true });
    if (toSlotId === undefined) return;
    const handover = newHandover(slotId, toSlotId);
    handovers.set(slotId, handover);
    handovers.set(toSlotId, handover);
    try {
      const successor = await bringUp(handover);
      switchOver(handover, successor, reason);
      await drained(handover);
      reportUnlike(handover);
      await parts.endSlot(slotId, reason);
    } catch (error) {
      if (handover.cut === null)
        await parts.endSlot(toSlotId, 'the successor did not start').catch(() => undefined);
      throw error;
    } finally {
      handovers.delete(slotId);
      handovers.delete(toSlotId);
    }
  }

  async function bringUp({ fromSlotId, toSlotId }: Handover): Promise<RunningSlot> {
    await fleet.open(toSlotId);
    const { history, live, learnt } = predecessorOf(fromSlotId);
    return parts.connect(toSlotId, parts.agentsIn(fromSlotId), history, live, learnt);
  }

  function predecessorOf(slotId: string): RunningSlot {
    const slot = running.get(slotId);
    if (slot) return slot;
    throw new DeskError('RUNNER_LOST', `Slot ${slotId} ended during the hand-over.`);
  }

  /** Without a pause in it: between two bars. */
  function switchOver(handover: Handover, successor: RunningSlot, reason: string): void {
    const { fromSlotId, toSlotId } = handover;
    const agents = parts.agentsIn(fromSlotId);
    const alive = store.state().sandboxes[toSlotId]?.phase === 'ready';
    if (!running.has(fromSlotId) || !alive || agents.length === 0) {
      void successor.link.close();
      throw new DeskError('RUNNER_LOST', `Slot ${fromSlotId} or its successor ended during the hand-over.`);
    }
    const predecessor = predecessorOf(fromSlotId);
    const decided = new Set(successor.live);
    for (const bar of predecessor.live) if (!decided.has(bar)) sendLive(successor, clock.now(), [bar]);
    handover.cut = lastBars(predecessor.live);
    predecessor.retired = true;
    running.set(toSlotId, successor);
    const agentIds = agents.map((agent) => agent.agentId);
    store.commit({ kind: 'AgentsRolledOver', at: clock.now(), agentIds, fromSlotId, toSlotId, reason });
    // Frames are read in order: the answer says how much was written before it.
    predecessor.link.send(greeting(fromSlotId, agents));
    successor.link.send(greeting(toSlotId, agents));
  }

  /** Resolves when both have been heard up to their answers, or after five seconds. */
  function drained(handover: Handover): Promise<void> {
    const isDone = (): boolean =>
      [handover.fromSlotId, handover.toSlotId].every((slotId) => {
        const awaited = handover.awaited.get(slotId);
        return awaited !== undefined && (handover.delivered.get(slotId) ?? 0) >= awaited;
      });
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, drainMs);
      handover.onProgress = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve();
      };
      handover.onProgress();
    });
  }

  function reportUnlike({ toSlotId, wanted }: Handover): void {
    const unlike = parts
      .agentsIn(toSlotId)
      .filter((agent) =>
        Object.entries(agent.targets).some(
          ([symbol, target]) =>
            target.qtyNanos !== 0 &&
            target.qtyNanos !== (wanted.get(bookOf({ agentId: agent.agentId, symbol })) ?? 0),
        ),
      );
    if (unlike.length > 0) parts.onUnlike(unlike.map((agent) => agent.agentId));
  }

  return {
    start,
    hear(slotId, message) {
      const handover = handovers.get(slotId);
      if (!handover) return;
      if ('n' in message) handover.delivered.set(slotId, message.n);
      if (message.kind === 'ready' && handover.cut) handover.awaited.set(slotId, message.lastN);
      if (message.kind === 'target' && slotId === handover.toSlotId) {
        handover.wanted.set(bookOf(message), message.qtyNanos);
        if (!isBeforeCut(handover, message)) handover.decided.add(bookOf(message));
      }
      handover.onProgress();
    },
    maySet(slotId, agent, target) {
      const handover = handovers.get(slotId);
      if (!handover) return agent.slotId === slotId;
      const isSide = agent.slotId === handover.fromSlotId || agent.slotId === handover.toSlotId;
      if (!isSide || isBeforeCut(handover, target) !== (slotId === handover.fromSlotId)) return false;
      // A late word of the predecessor does not undo what the successor has decided on a later bar.
      return slotId === handover.toSlotId || !handover.decided.has(bookOf(target));
    },
  };
}

function newHandover(fromSlotId: string, toSlotId: string): Handover {
  return {
    fromSlotId,
    toSlotId,
    cut: null,
    wanted: new Map(),
    decided: new Set(),
    delivered: new Map(),
    awaited: new Map(),
    onProgress: () => undefined,
  };
}

function bookOf({ agentId, symbol }: Pick<Target, 'agentId' | 'symbol'>): string {
  return `${agentId} ${symbol}`;
}

function isBeforeCut({ cut }: Handover, { symbol, barAt }: Target): boolean {
  return cut === null || barAt <= (cut.get(symbol) ?? -Infinity);
}
