// Stops agents in the safe order: targets to zero, wait for the fills, only then take the agent off its runner.
import { DeskError } from '../../contract/errors.ts';
import type { AgentPosition } from '../../contract/order-events.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { Order } from '../../contract/state.ts';
import type { Store } from '../store.ts';
import type { Trading } from '../trading/trading.ts';
import type { Swarm } from './swarm.ts';

const flatTimeoutMs = 10_000;

export interface StopParts {
  readonly store: Store;
  readonly trading: Trading;
  readonly swarm: Swarm;
}

/** Stops one agent. Returns what could not be closed in time, for example because the market is closed. */
export async function stopAgent(parts: StopParts, agentId: string, reason: string): Promise<AgentPosition[]> {
  const agent = parts.store.state().agents[agentId];
  if (!agent)
    throw new DeskError('AGENT_NOT_FOUND', `There is no agent "${agentId}". See agents for the ids.`, {
      agentId,
    });
  if (agent.phase === 'stopped') return [];
  parts.swarm.move(agentId, 'stopping', reason);
  for (const symbol of Object.keys(agent.positions)) parts.trading.rebalance(symbol);
  await untilFlat(parts.store, agentId);
  const leftOpen = Object.values(parts.store.state().agents[agentId]?.positions ?? {});
  const open = leftOpen.map((position) => `${position.symbol} ${position.qtyNanos / 1e9}`).join(', ');
  parts.swarm.move(agentId, 'stopped', open === '' ? reason : `${reason}; left open ${open}`);
  await parts.swarm.detach(agentId);
  return leftOpen;
}

/** Stops all agents at the same time. */
export async function stopAllAgents(parts: StopParts, reason: string): Promise<string[]> {
  const { agents } = parts.store.state();
  const ids = Object.values(agents)
    .filter(
      (agent) =>
        agent.phase !== 'stopped' && (agent.phase !== 'failed' || Object.keys(agent.positions).length > 0),
    )
    .map((agent) => agent.agentId);
  await Promise.all(ids.map((agentId) => stopAgent(parts, agentId, reason)));
  return ids;
}

/** Resolves when the agent holds nothing and no order can still give it something, or after the time limit. */
function untilFlat(store: Store, agentId: string): Promise<void> {
  const isFlat = (): boolean => {
    const { agents, orders } = store.state();
    const holds = Object.keys(agents[agentId]?.positions ?? {}).length > 0;
    return !holds && !Object.values(orders).some((order) => !isFinal(order) && hasShare(order, agentId));
  };
  if (isFlat()) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unfollow();
      resolve();
    };
    const timer = setTimeout(finish, flatTimeoutMs);
    const unfollow = store.follow(() => {
      if (isFlat()) finish();
    });
  });
}

function hasShare(order: Order, agentId: string): boolean {
  return order.shares.some((share) => share.agentId === agentId);
}
