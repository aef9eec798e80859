// The part of the state that the dead-man lease changes when it has run out.
import type { EventOf } from './events.ts';
import type { DeskState } from './state.ts';

/** Blocks entries; a kill's latch is stronger and stays. */
export function fireDeadMan(state: DeskState, event: EventOf<'DeadManFired'>): DeskState {
  const { at, firingId, drill, leaseS, reasons } = event;
  const firing = { firingId, at, drill, leaseS, reasons, outcome: null };
  const reason = drill
    ? 'the dead-man drill let the lease run out'
    : `the dead-man lease ran out: ${firstOf(reasons)}`;
  return {
    ...state,
    entries:
      state.entries.kind === 'latched'
        ? state.entries
        : { kind: 'blocked', since: at, actor: 'host', reason },
    deadMan: {
      ...state.deadMan,
      blocking: true,
      ...(drill ? { lastDrill: firing } : { lastFiring: firing }),
    },
  };
}

export function recordCancellation(state: DeskState, event: EventOf<'DeadManCancelled'>): DeskState {
  const { kind: _, at: __, firingId, ...outcome } = event;
  const { lastFiring, lastDrill } = state.deadMan;
  return {
    ...state,
    deadMan: {
      ...state.deadMan,
      lastFiring: lastFiring?.firingId === firingId ? { ...lastFiring, outcome } : lastFiring,
      lastDrill: lastDrill?.firingId === firingId ? { ...lastDrill, outcome } : lastDrill,
    },
  };
}

/** A banner has room for one; the record keeps all. */
function firstOf([first, ...others]: readonly string[]): string {
  if (others.length === 0) return first ?? 'no confirmation in time';
  return `${first}; ${others.length} more not confirmed`;
}
