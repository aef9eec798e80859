// The agent's half of the dead-man: an agent whose runner is lost sets no target any more, and its part of what rests goes.
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Agent, Order } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { cancelOrder } from '../orders/cancel-orders.ts';
import type { Trading } from '../trading.ts';

const patienceMs = 30_000;
const askAgainMs = 5_000;
const pollMs = 250;

export interface SilenceParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Pick<Trading, 'killBroker' | 'reconcile' | 'rebalance'>;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Freezes the lost agents where they stand and cancels the orders that have a part of theirs, each whole; the other
 * agents' targets are rebalanced after. What an operator or a planned end closes is left to close. Never rejects.
 */
export async function silenceAgents(
  parts: SilenceParts,
  lost: readonly Agent[],
  reason: string,
): Promise<void> {
  const silent = lost.filter(({ phase }) => phase !== 'stopping');
  const shares = new Map(silent.map((agent) => [agent, ordersOf(parts.store, agent.agentId)]));
  for (const [agent, orders] of shares) record(parts, agent, orders, reason);
  const orders = [
    ...new Map([...shares.values()].flat().map((order) => [order.clientOrderId, order])).values(),
  ];
  const failures = new Map<string, string | null>();
  await Promise.all(
    orders.map(async ({ clientOrderId }) => failures.set(clientOrderId, await cancel(parts, clientOrderId))),
  );
  for (const [{ agentId }, own] of shares) if (own.length > 0) recordOutcome(parts, agentId, own, failures);
  for (const symbol of new Set(orders.map((order) => order.symbol))) parts.trading.rebalance(symbol);
}

function record(
  { store, clock }: SilenceParts,
  agent: Agent,
  orders: readonly Order[],
  reason: string,
): void {
  if (orders.length === 0 && Object.keys(agent.targets).length === 0) return;
  const clientOrderIds = orders.map(({ clientOrderId }) => clientOrderId);
  store.commit({ kind: 'AgentSilenced', at: clock.now(), agentId: agent.agentId, reason, clientOrderIds });
}

/** Resolves with null once the desk knows the order's end, else with the last failure. */
async function cancel(parts: SilenceParts, id: string): Promise<string | null> {
  const { store, clock, trading, pause } = parts;
  const isOver = (): boolean => {
    const order = store.state().orders[id];
    return !order || isFinal(order);
  };
  const until = clock.monotonicMs() + patienceMs;
  let failure = 'the broker did not confirm in time';
  for (let askAt = clock.monotonicMs(); !isOver() && clock.monotonicMs() < until; await pause(pollMs)) {
    if (clock.monotonicMs() < askAt) continue;
    askAt = clock.monotonicMs() + askAgainMs;
    try {
      await cancelOrder(parts, id, 'host');
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      // It may be over already, and nobody has told.
      await trading.reconcile();
    }
  }
  return isOver() ? null : failure;
}

function recordOutcome(
  { store, clock }: SilenceParts,
  agentId: string,
  orders: readonly Order[],
  failures: ReadonlyMap<string, string | null>,
): void {
  const at = clock.now();
  const left = orders.filter(({ clientOrderId }) => failures.get(clientOrderId) != null);
  const failure = left[0] ? (failures.get(left[0].clientOrderId) ?? null) : null;
  const idsOf = (some: readonly Order[]): string[] => some.map(({ clientOrderId }) => clientOrderId);
  const cancelled = orders.filter((order) => !left.includes(order));
  store.commit({
    kind: 'AgentOrdersCancelled',
    at,
    agentId,
    cancelled: idsOf(cancelled),
    left: idsOf(left),
    failure,
  });
  store.commit({
    kind: 'NoticeRaised',
    at,
    noticeId: `silent-${agentId}`,
    severity: left.length > 0 ? 'critical' : 'warning',
    title:
      left.length > 0
        ? `Orders of ${agentId} could not be cancelled`
        : `Orders of ${agentId} were cancelled with its runner`,
    detail:
      left.length > 0
        ? `${left.map(labelOf).join(', ')}: ${failure}. Cancel them at the broker, or stop everything.`
        : `${cancelled.map(labelOf).join(', ')}. It keeps what it holds until its runner sets a target again.`,
  });
}

function ordersOf(store: Store, agentId: string): Order[] {
  return Object.values(store.state().orders).filter(
    (order) => !isFinal(order) && order.shares.some((share) => share.agentId === agentId),
  );
}

function labelOf({ side, qtyNanos, symbol }: Order): string {
  return `${side} ${qtyNanos / 1e9} ${symbol}`;
}
