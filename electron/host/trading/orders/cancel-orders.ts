// Asks the broker to cancel orders of the desk, one by one. What becomes of them is told by the stream, as for every order.
import { DeskError } from '../../../contract/errors.ts';
import type { Actor } from '../../../contract/names.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Order } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { Trading } from '../trading.ts';

export interface CancelParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Pick<Trading, 'killBroker'>;
}

/** Cancels one order. Rejects with ORDER_NOT_FOUND, ORDER_NOT_WORKING, BROKER_*. */
export async function cancelOrder(parts: CancelParts, clientOrderId: string, actor: Actor): Promise<Order> {
  const order = parts.store.state().orders[clientOrderId];
  if (!order)
    throw new DeskError(
      'ORDER_NOT_FOUND',
      `There is no working or recent order "${clientOrderId}" on this account. See orders-list for the ids.`,
      { clientOrderId },
    );
  if (isFinal(order))
    throw new DeskError(
      'ORDER_NOT_WORKING',
      `Order ${clientOrderId} is ${order.state}; only an order that can still fill is cancelled. See orders-list --state working.`,
      { clientOrderId, state: order.state },
    );
  await ask(parts, order, actor);
  return order;
}

export interface CancelOutcome {
  readonly order: Order;
  /** Null when the broker took the request. */
  readonly refusal: string | null;
}

/** Cancels every working order of the account in use. Never rejects: what was refused stands beside its order. */
export async function cancelAllOrders(parts: CancelParts, actor: Actor): Promise<CancelOutcome[]> {
  const working = Object.values(parts.store.state().orders).filter((order) => !isFinal(order));
  return Promise.all(
    working.map(async (order) => {
      try {
        await ask(parts, order, actor);
        return { order, refusal: null };
      } catch (error) {
        return { order, refusal: reasonOf(error) };
      }
    }),
  );
}

async function ask({ store, clock, trading }: CancelParts, order: Order, actor: Actor): Promise<void> {
  const { clientOrderId } = order;
  // Cancelling takes risk away: it waits neither for the journal nor behind the polls of the rate-limited client.
  store.commit({ kind: 'OrderCancelAsked', at: clock.now(), actor, clientOrderId });
  try {
    const broker = trading.killBroker();
    const brokerOrderId = order.brokerOrderId ?? (await broker.findOrder(clientOrderId))?.brokerOrderId;
    if (brokerOrderId === undefined)
      throw new DeskError(
        'ORDER_NOT_WORKING',
        `The broker does not know order ${clientOrderId} yet. It is being sent; try again in a moment.`,
        { clientOrderId },
      );
    await broker.cancel(brokerOrderId);
  } catch (error) {
    const detail = `not cancelled: ${reasonOf(error)}`;
    store.commit({ kind: 'OrderCancelRefused', at: clock.now(), clientOrderId, detail });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
