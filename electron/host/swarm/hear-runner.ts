// What a runner says, turned into events and vital signs. Nothing that it says is believed about agents of another slot.
import { type AgentPhase, isAlive } from '../../contract/agent-phase.ts';
import { latchOf } from '../../contract/latches.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { RunnerMessage } from '../sandboxes/link-messages.ts';
import type { MessageRings } from '../sandboxes/message-ring.ts';
import type { Store } from '../store.ts';
import type { Latency } from '../watch/latency.ts';
import type { AgentVitals } from './agent-vitals.ts';
import type { LearntStates } from './learnt-states.ts';
import type { RollOver } from './roll-over.ts';

export interface RunnerEar {
  receive(slotId: string, message: RunnerMessage): void;
  /** A line that is not of the protocol. */
  brokenLine(slotId: string, line: string): void;
}

export interface RunnerEarParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly vitals: AgentVitals;
  readonly latency: Latency;
  readonly messages: MessageRings;
  readonly learnt: LearntStates;
  readonly rollOvers: RollOver;
  readonly agentsIn: (slotId: string) => Agent[];
  readonly move: (agentId: string, phase: AgentPhase, reason: string) => void;
  readonly notice: (noticeId: string, severity: 'info' | 'warning', title: string, detail: string) => void;
  /** A target has changed: bring the account to it. */
  readonly rebalance: (symbol: string) => void;
}

/** Creates the listener of all runners. */
export function createRunnerEar(parts: RunnerEarParts): RunnerEar {
  const { store, clock, log, vitals, latency, rollOvers, agentsIn, move, notice } = parts;

  function agent(agentId: string): Agent | undefined {
    return store.state().agents[agentId];
  }

  function isIn(slotId: string, agentId: string): boolean {
    return agent(agentId)?.slotId === slotId;
  }

  function receive(slotId: string, message: RunnerMessage): void {
    if (message.kind !== 'learnt') parts.messages.keep(slotId, JSON.stringify(message));
    rollOvers.hear(slotId, message);
    switch (message.kind) {
      case 'heartbeat':
        for (const beat of message.agents)
          if (isIn(slotId, beat.agentId)) vitals.beat(beat.agentId, beat.warm);
        return;
      case 'decision':
        if (!isIn(slotId, message.agentId)) return;
        vitals.decided(message.agentId, message);
        latency.record(`decision/${message.agentId}`, clock.now() - message.sentAt, false);
        return;
      case 'learnt':
        if (isIn(slotId, message.agentId)) parts.learnt.keep(message);
        return;
      case 'target':
        return setTarget(slotId, message);
      case 'agentFailed':
        if (!isIn(slotId, message.agentId)) return;
        vitals.failed(message.agentId);
        move(message.agentId, 'failed', message.reason);
        notice(
          `agent-${message.agentId}`,
          'warning',
          `${message.agentId} failed`,
          `${message.reason}. Its positions are kept. Stop it to close them, or deploy anew.`,
        );
        return;
      case 'refused':
        log.warn({ slotId, reason: message.reason }, 'runner refused a frame');
        return;
      case 'overflow':
        notice(
          `overflow-${slotId}`,
          'warning',
          'A runner has stopped deciding',
          `${message.unacknowledged} messages were not acknowledged.`,
        );
        return;
      case 'ready':
      case 'removed':
        return;
    }
  }

  function setTarget(slotId: string, message: Extract<RunnerMessage, { kind: 'target' }>): void {
    const known = agent(message.agentId);
    const mayTrade =
      known &&
      rollOvers.maySet(slotId, known, message) &&
      known.symbols.includes(message.symbol) &&
      isAlive(known.phase) &&
      latchOf(store.state(), known) === null &&
      known.phase !== 'stopping';
    if (!mayTrade) {
      log.warn({ slotId, message }, 'target that is not for this slot to set');
      return;
    }
    const { agentId, symbol, qtyNanos, priceTicks, reason } = message;
    store.commit({ kind: 'TargetSet', at: clock.now(), agentId, symbol, qtyNanos, priceTicks, reason });
    parts.rebalance(symbol);
  }

  function brokenLine(slotId: string, line: string): void {
    for (const { agentId } of agentsIn(slotId)) vitals.failed(agentId);
    notice(
      `broken-line-${slotId}`,
      'info',
      'A runner wrote a line that is not of the protocol',
      `It was skipped and what may be missing was asked for again: ${line}`,
    );
  }

  return { receive, brokenLine };
}
