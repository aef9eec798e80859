// What a kill's scope takes in: agents, the orders that carry their shares, the sandboxes that nobody else lives in.
import { isAlive } from '../../contract/agent-phase.ts';
import type { KillItem } from '../../contract/events.ts';
import { isInScope, isWide, type KillScope, scopeParts } from '../../contract/kill-scope.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { Agent, DeskState, Order, Sandbox } from '../../contract/state.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import { bookItem, killItem, orderItem, positionItem } from '../trading/kill/kill-items.ts';

export interface KillExtent {
  /** Those that live, have failed, or still hold something. */
  readonly agents: readonly Agent[];
  readonly orders: readonly Order[];
  readonly slots: readonly Sandbox[];
}

/** Reads the extent from the state. */
export function killExtent(state: DeskState, fleet: Pick<Fleet, 'aliveSlots'>, scope: KillScope): KillExtent {
  const inScope = Object.values(state.agents).filter((agent) => isInScope(scope, agent));
  const ids = new Set(inScope.map(({ agentId }) => agentId));
  const working = Object.values(state.orders).filter((order) => !isFinal(order));
  const orders = isWide(scope)
    ? working
    : working.filter(({ shares }) => shares.some(({ agentId }) => ids.has(agentId)));
  const ordered = new Set(orders.flatMap(({ shares }) => shares.map(({ agentId }) => agentId)));
  const agents = inScope.filter(
    ({ agentId, phase, positions }) =>
      phase !== 'stopped' || Object.keys(positions).length > 0 || ordered.has(agentId),
  );
  return { agents, orders, slots: slotsOf(state, fleet, scope, ids) };
}

function slotsOf(
  { agents }: DeskState,
  fleet: Pick<Fleet, 'aliveSlots'>,
  scope: KillScope,
  ids: ReadonlySet<string>,
): Sandbox[] {
  const slots = fleet.aliveSlots();
  if (scopeParts(scope).kind === 'all') return slots;
  return slots.filter(({ slotId }) => {
    const inside = Object.values(agents).filter((agent) => agent.slotId === slotId && isAlive(agent.phase));
    return inside.length > 0 && inside.every(({ agentId }) => ids.has(agentId));
  });
}

/** The receipt before anything was done. `byBook` lists the positions of each book, not those of the account. */
export function listItems(
  state: DeskState,
  { agents, orders, slots }: KillExtent,
  byBook: boolean,
): KillItem[] {
  const held = Object.entries(state.account?.positions ?? {}).filter(([, qtyNanos]) => qtyNanos !== 0);
  const positions = byBook
    ? agents.flatMap(({ positions }) =>
        Object.values(positions).map(({ agentId, symbol, qtyNanos }) =>
          bookItem(agentId, symbol, qtyNanos, 'pending', 'open'),
        ),
      )
    : held.map(([symbol, qtyNanos]) => positionItem(symbol, qtyNanos, 'pending', 'open'));
  return [
    ...orders.map((order) => orderItem(order, 'pending', 'open')),
    ...positions,
    ...agents
      .filter(({ phase }) => phase !== 'stopped')
      .map(({ agentId, phase }) => killItem('agent', agentId, agentId, 'pending', phase)),
    ...slots.map((slot) =>
      killItem('sandbox', slot.slotId, slot.sandboxId ?? slot.slotId, 'pending', 'running'),
    ),
  ];
}
