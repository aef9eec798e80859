// What kills keep stopped until somebody re-arms it with a reason.
import type { KillScope } from './kill-scope.ts';
import type { Agent, DeskState, KillReceipt } from './state.ts';

type Latched = Pick<DeskState, 'entries' | 'kill' | 'latches'>;

/** The kill that keeps an agent stopped; null while none does. */
export function latchOf(
  state: Latched,
  { agentId, strategy }: Pick<Agent, 'agentId' | 'strategy'>,
): KillReceipt | null {
  if (state.entries.kind === 'latched') return state.kill;
  return narrowLatchOf(state, { agentId, strategy });
}

/** The kill of the agent or of its strategy; null where there was none, or only one of everything. */
export function narrowLatchOf(
  { latches }: Pick<DeskState, 'latches'>,
  { agentId, strategy }: Pick<Agent, 'agentId' | 'strategy'>,
): KillReceipt | null {
  return latches[`agent:${agentId}`] ?? strategyLatch({ latches }, strategy);
}

/** The kill of a strategy that keeps it from being deployed; null while none does. */
export function strategyLatch({ latches }: Pick<DeskState, 'latches'>, strategy: string): KillReceipt | null {
  return latches[`strategy:${strategy}`] ?? null;
}

/** The receipt of a kill, whatever its scope; null once its latch was released and it was not a wide one. */
export function receiptOf({ kill, latches }: Latched, killId: string): KillReceipt | null {
  if (kill?.killId === killId) return kill;
  return Object.values(latches).find((latch) => latch.killId === killId) ?? null;
}

/** Scopes that are latched, the widest first. */
export function latchedScopes({ entries, kill, latches }: Latched): KillScope[] {
  const wide = entries.kind === 'latched' ? [kill?.scope ?? 'all'] : [];
  return [...wide, ...Object.keys(latches).sort()];
}
