// The part of the state that a kill changes: its latch, its receipt, and what the killed agents want.
import type { EventOf } from './events.ts';
import { isInScope, isWide } from './kill-scope.ts';
import type { DeskState, KillReceipt } from './state.ts';

export function startKill(state: DeskState, event: EventOf<'KillStarted'>): DeskState {
  const { killId, actor, policy, reason, items, at, scope = 'all' } = event;
  const receipt = { killId, startedAt: at, finishedAt: null, verified: null };
  const kill: KillReceipt = { ...receipt, actor, scope, policy, reason, items };
  const wishless = { ...state, agents: withoutWishes(state, kill) };
  if (!isWide(scope)) return { ...wishless, latches: { ...state.latches, [scope]: kill } };
  // Re-arming after a kill allows entries; LIVE is armed anew, for what it is then.
  return { ...wishless, entries: { kind: 'latched', since: at, killId }, live: null, kill };
}

/** Nothing an agent wanted before a kill holds after it: what it has it keeps, until the policy says otherwise. */
function withoutWishes({ agents }: DeskState, { scope }: KillReceipt): DeskState['agents'] {
  return Object.fromEntries(
    Object.entries(agents).map(([agentId, agent]) => [
      agentId,
      isInScope(scope, agent) ? { ...agent, targets: {} } : agent,
    ]),
  );
}

export function updateKillItem(state: DeskState, { killId, item }: EventOf<'KillItemUpdated'>): DeskState {
  return changeReceipt(state, killId, ({ items }) => {
    const isKnown = items.some(({ id }) => id === item.id);
    return {
      items: isKnown ? items.map((other) => (other.id === item.id ? item : other)) : [...items, item],
    };
  });
}

export function finishKill(state: DeskState, { killId, at, verified }: EventOf<'KillFinished'>): DeskState {
  return changeReceipt(state, killId, () => ({ finishedAt: at, verified }));
}

/** Of a strategy or an agent; the wide latch is the one on entries. */
export function releaseLatch(state: DeskState, { scope = 'all' }: EventOf<'Rearmed'>): DeskState {
  const { [scope]: _, ...latches } = state.latches;
  return { ...state, latches };
}

function changeReceipt(
  state: DeskState,
  killId: string,
  change: (receipt: KillReceipt) => Partial<KillReceipt>,
): DeskState {
  const { kill, latches } = state;
  if (kill?.killId === killId) return { ...state, kill: { ...kill, ...change(kill) } };
  const latch = Object.values(latches).find((known) => known.killId === killId);
  if (!latch) return state;
  return { ...state, latches: { ...latches, [latch.scope]: { ...latch, ...change(latch) } } };
}
