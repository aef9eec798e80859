// Handlers of the operations that show orders and positions, and cancel orders.
import { DeskError } from '../../contract/errors.ts';
import type { ParsedInputOf } from '../../contract/define-operation.ts';
import type { listOrders } from '../../contract/orders.ts';
import { positionViews } from '../../contract/positions.ts';
import { isMoneySimulated } from '../../contract/simulated.ts';
import type { Mode } from '../../contract/names.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { Order } from '../../contract/state.ts';
import { compareOrders, viewOrder } from '../../contract/view-order.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';
import { cancelAllOrders, cancelOrder } from '../trading/orders/cancel-orders.ts';
import { foldOrder, readOrderHistory, readOrders } from '../trading/orders/order-history.ts';

type OrderOperations = 'orders.list' | 'orders.show' | 'orders.cancel' | 'positions.list';

type OrderParts = Pick<HostParts, 'store' | 'journal' | 'clock' | 'trading' | 'latestGauges'>;

/** Builds the handlers over the state, and over the journal for what the state no longer keeps. */
export function createOrderHandlers(parts: OrderParts): Pick<DeskHandlers, OrderOperations> {
  const { store, journal } = parts;
  const marks = (): { mode: Mode; simulated: boolean } => {
    const { mode } = store.state();
    return { mode, simulated: isMoneySimulated(mode) };
  };
  return {
    'orders.list': async (query) => {
      const marked = marks();
      const orders = (await findOrders(parts, query)).map(viewOrder).sort(compareOrders);
      return { ...marked, orders: orders.slice(0, query.limit), more: orders.length > query.limit };
    },
    'orders.show': async ({ id }) => {
      const marked = marks();
      await store.flush();
      const history = await readOrderHistory(journal, id);
      const order = store.state().orders[id] ?? foldOrder(history.map(({ event }) => event));
      if (!order)
        throw new DeskError(
          'ORDER_NOT_FOUND',
          `There is no order "${id}" in the journal. See orders-list for the ids.`,
          { id },
        );
      return { ...marked, order: viewOrder(order), history };
    },
    'orders.cancel': async ({ id }, { actor }) => {
      const outcomes =
        id === undefined
          ? await cancelAllOrders(parts, actor)
          : [{ order: await cancelOrder(parts, id, actor), refusal: null }];
      const { mode, entries } = store.state();
      return {
        mode,
        asked: outcomes.flatMap(({ order, refusal }) => (refusal === null ? [cancelled(order)] : [])),
        refused: outcomes.flatMap(({ order, refusal }) =>
          refusal === null ? [] : [{ ...cancelled(order), reason: refusal }],
        ),
        entries: entries.kind,
      };
    },
    'positions.list': ({ symbol, agent }) => {
      const state = store.state();
      const positions = positionViews(state, parts.latestGauges().market.quotes).filter(
        (position) =>
          (symbol === undefined || position.symbol === symbol) &&
          (agent === undefined || position.agents.some(({ agentId }) => agentId === agent)),
      );
      return { ...marks(), accountRead: state.account !== null, positions };
    },
  };
}

/** One more than the limit where there are more. The state has the working and the newest ones, the journal all. */
async function findOrders(
  { store, journal }: OrderParts,
  { state: wanted, symbol, agent, limit }: ParsedInputOf<typeof listOrders>,
): Promise<Order[]> {
  const { orders, totals, mode, accountNumber } = store.state();
  const matches = (order: Order): boolean =>
    (wanted === 'all' || !isFinal(order)) &&
    (symbol === undefined || order.symbol === symbol) &&
    (agent === undefined || order.shares.some(({ agentId }) => agentId === agent));
  // The later one first, as in the journal's answer, so that a stable sort keeps orders of the same millisecond apart.
  const held = Object.values(orders).filter(matches).reverse();
  const isWhole = wanted === 'working' || Object.keys(orders).length >= totals.orders;
  if (isWhole || held.length > limit) return held;
  await store.flush();
  const read = await readOrders(journal, { mode, accountNumber, limit: limit + 1, matches });
  const older = read.filter(({ clientOrderId }) => !(clientOrderId in orders));
  return [...held, ...older];
}

function cancelled({ clientOrderId, symbol, side, qtyNanos, filledNanos }: Order) {
  return { clientOrderId, symbol, side, leftNanos: Math.max(0, qtyNanos - filledNanos) };
}
