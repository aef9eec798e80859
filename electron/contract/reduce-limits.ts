// The part of the state that follows the risk limits.
import type { EventOf } from './events.ts';
import { withLimits } from './limits.ts';
import type { DeskState } from './state.ts';

export function changeLimits(state: DeskState, event: EventOf<'LimitsChanged'>): DeskState {
  return {
    ...state,
    limits: withLimits(state.limits, event.changes),
    limitsChanged: { at: event.at, actor: event.actor },
  };
}

/** Blocks entries; a latch, which is stricter, stays. */
export function breachLimit(state: DeskState, event: EventOf<'LimitBreached'>): DeskState {
  const { at, code, detail } = event;
  const entries =
    state.entries.kind === 'latched'
      ? state.entries
      : { kind: 'blocked' as const, since: at, actor: 'host' as const, reason: detail };
  return { ...state, entries, breach: { at, code, detail } };
}
