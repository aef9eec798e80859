// What a kill would do, in counts and dollars, read from the state at this moment.
import { isAlive } from '../../electron/contract/agent-phase.ts';
import type { Gauges } from '../../electron/contract/frames.ts';
import { isInScope, isWide, type KillScope, scopeParts } from '../../electron/contract/kill-scope.ts';
import { notionalMicros } from '../../electron/contract/money.ts';
import type { KillPolicy } from '../../electron/contract/names.ts';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import type { Agent, DeskState } from '../../electron/contract/state.ts';
import { counted, wholeMoney } from '../format.ts';
import { countSandboxes, type Exposure, exposures, type SandboxCount } from '../swarm-counts.ts';

export interface PlannedPosition extends Exposure {
  /** Whose book it is; null for a position of the account. */
  readonly agentId: string | null;
}

export interface KillPlan {
  readonly scope: KillScope;
  readonly orders: number;
  readonly positions: readonly PlannedPosition[];
  /** Unsigned market value of all positions; null when a quote is missing. */
  readonly valueMicros: number | null;
  /** Those that live. */
  readonly agents: number;
  readonly sandboxes: SandboxCount;
}

export function planKill(state: DeskState, gauges: Gauges | null, scope: KillScope): KillPlan {
  const agents = Object.values(state.agents).filter((agent) => isInScope(scope, agent));
  const positions = isWide(scope)
    ? exposures(state, gauges).map((exposure) => ({ ...exposure, agentId: null }))
    : bookPositions(agents, gauges);
  const known = positions.every(({ valueMicros }) => valueMicros !== null);
  return {
    scope,
    orders: ordersOf(state, scope, agents),
    positions,
    valueMicros: known ? positions.reduce((sum, { valueMicros }) => sum + (valueMicros ?? 0), 0) : null,
    agents: agents.filter(({ phase }) => isAlive(phase)).length,
    sandboxes: sandboxesOf(state, scope),
  };
}

function bookPositions(agents: readonly Agent[], gauges: Gauges | null): PlannedPosition[] {
  return agents.flatMap(({ agentId, positions }) =>
    Object.values(positions).map(({ symbol, qtyNanos }) => {
      const quote = gauges?.market.quotes[symbol];
      const valueMicros = quote ? notionalMicros(Math.abs(qtyNanos), quote.lastTicks) : null;
      return { agentId, symbol, qtyNanos, valueMicros };
    }),
  );
}

function ordersOf({ orders }: DeskState, scope: KillScope, agents: readonly Agent[]): number {
  const ids = new Set(agents.map(({ agentId }) => agentId));
  return Object.values(orders).filter(
    (order) => !isFinal(order) && (isWide(scope) || order.shares.some(({ agentId }) => ids.has(agentId))),
  ).length;
}

/** A sandbox with other agents in it stays; of the account's, so do those that carry none. */
function sandboxesOf({ sandboxes, agents }: DeskState, scope: KillScope): SandboxCount {
  if (scopeParts(scope).kind === 'all') return countSandboxes(sandboxes);
  const ending = Object.values(sandboxes).filter(({ slotId }) => {
    const inside = Object.values(agents).filter((agent) => agent.slotId === slotId && isAlive(agent.phase));
    return inside.length > 0 && inside.every((agent) => isInScope(scope, agent));
  });
  return { ...countSandboxes(Object.fromEntries(ending.map((slot) => [slot.slotId, slot]))), warm: 0 };
}

/** Says what the policy does to orders and positions. */
export function describePolicy(policy: KillPolicy, plan: KillPlan): string {
  const orders = plan.orders === 0 ? 'No working orders.' : `Cancel ${counted(plan.orders, 'order')}.`;
  if (plan.positions.length === 0) return `${orders} No open positions.`;
  const value = plan.valueMicros === null ? 'value unknown' : wholeMoney(plan.valueMicros);
  const positions = `${counted(plan.positions.length, 'position')}`;
  switch (policy) {
    case 'flatten':
      return `${orders} Close ${positions} (${value}) at market.`;
    case 'keep':
      return `${orders} Leaves ${positions} open (${value}), unmanaged.`;
    case 'keep-hedged':
      return `${orders} In each agent's book, long and short of equal value stay, unmanaged; closes the rest of ${positions} (${value}).`;
  }
}

const verbs: Readonly<Record<KillPolicy, string>> = {
  flatten: 'Flatten',
  keep: 'Keep',
  'keep-hedged': 'Hedge',
};

/** The verb and objects of the button that does it. */
export function killButtonLabel(policy: KillPolicy, plan: KillPlan): string {
  const positions = `${verbs[policy]} ${counted(plan.positions.length, 'position')}`;
  if (isWide(plan.scope)) return `${positions}, end ${sandboxWords(plan.sandboxes)}`;
  const stop = `stop ${counted(plan.agents, 'agent')}`;
  return plan.sandboxes.working === 0
    ? `${positions}, ${stop}`
    : `${positions}, ${stop}, end ${sandboxWords(plan.sandboxes)}`;
}

/** Warm ones end too, and are not counted as if they carried agents. */
function sandboxWords({ working, warm }: SandboxCount): string {
  const words = counted(working, 'sandbox', 'sandboxes');
  return warm > 0 ? `${words} and ${counted(warm, 'warm one')}` : words;
}
