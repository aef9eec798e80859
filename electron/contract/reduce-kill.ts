// The part of the state that a kill changes: the latch and its receipt.
import type { EventOf } from './events.ts';
import type { DeskState } from './state.ts';

export function startKill(state: DeskState, event: EventOf<'KillStarted'>): DeskState {
  return {
    ...state,
    entries: { kind: 'latched', since: event.at, killId: event.killId },
    // Re-arming after a kill allows entries; LIVE is armed anew, for what it is then.
    live: null,
    kill: {
      killId: event.killId,
      startedAt: event.at,
      finishedAt: null,
      verified: null,
      actor: event.actor,
      policy: event.policy,
      reason: event.reason,
      items: event.items,
    },
  };
}

export function updateKillItem(state: DeskState, event: EventOf<'KillItemUpdated'>): DeskState {
  const { kill } = state;
  if (kill?.killId !== event.killId) return state;
  const known = kill.items.some((item) => item.id === event.item.id);
  const items = known
    ? kill.items.map((item) => (item.id === event.item.id ? event.item : item))
    : [...kill.items, event.item];
  return { ...state, kill: { ...kill, items } };
}
