// Cancels what a kill stops, and says of each order how the broker ended it. Never rejects: what failed stands in the items.
import type { KillItem } from '../../../contract/events.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Order } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { isOvertaken, killItem, type Mark, orderItem, pollUntil, reasonOf } from './kill-items.ts';
import { answeredStatus } from './retry-cancels.ts';
import type { Trading } from '../trading.ts';

/** The stream tells of most ends; this often the orders are looked up besides. */
const lookUpEveryMs = 500;
/** A cancel that was taken and has not ended the order is asked for again. */
const repeatMs = 2_000;

export interface CancelParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Trading;
}

/** How the broker took the request to cancel one order. */
interface Answer {
  /** As of HTTP; null when it gave none. */
  readonly status: number | null;
  readonly reason: string;
}

/** Cancels every order of the account with one request; the broker answers it order by order. */
export async function cancelEverything({ store, clock, trading }: CancelParts, mark: Mark): Promise<void> {
  const orders = ordersToSettle(store);
  const answers = new Map<string, Answer>();
  let open: ReadonlySet<string> | null = null;
  let failure: string | null = null;
  const areSettled = (): boolean => orders.every(({ clientOrderId }) => isSettled(store, clientOrderId));
  await pollUntil(clock, async () => {
    try {
      for (const { brokerOrderId, status } of await trading.killBroker().cancelAll())
        answers.set(brokerOrderId, { status, reason: `the broker answered ${status}` });
      open = new Set((await trading.killBroker().openOrders()).map(({ brokerOrderId }) => brokerOrderId));
      failure = open.size > 0 ? 'still open at the broker' : null;
    } catch (error) {
      open = null;
      failure = reasonOf(error);
    }
    if (failure !== null) return false;
    if (areSettled()) return true;
    // The broker may yet take in what it does not list, and the stream that tells of its end may be down.
    await trading.reconcileForKill(true).catch(() => undefined);
    return areSettled();
  });
  for (const { clientOrderId } of orders) {
    const order = store.state().orders[clientOrderId];
    if (order) mark(endOf(order, answers.get(order.brokerOrderId ?? ''), failure));
  }
  for (const item of strangers(store, answers, open, failure)) mark(item);
  if (failure !== null) mark(killItem('order', 'all', 'orders at the broker', 'failed', failure));
}

/** Cancels these orders, each with a request of its own and all at once; others on the account stay. */
export async function cancelOrders(
  { store, clock, trading }: CancelParts,
  orders: readonly Order[],
  mark: Mark,
): Promise<void> {
  const asked = new Map<string, number>();
  const answers = new Map<string, Answer>();
  let lookedUpAt = -Infinity;
  const open = (): Order[] =>
    orders.flatMap(({ clientOrderId }) => {
      const order = store.state().orders[clientOrderId];
      return order && !isFinal(order) ? [order] : [];
    });
  const isOver = (): boolean => open().length === 0 || isOvertaken(store.state());
  await pollUntil(clock, async () => {
    const now = clock.monotonicMs();
    // Not waited for: an answer that hangs keeps neither the other orders nor what follows from its turn.
    for (const { clientOrderId, brokerOrderId } of open()) {
      if (brokerOrderId === null || now - (asked.get(clientOrderId) ?? -Infinity) < repeatMs) continue;
      asked.set(clientOrderId, now);
      void cancelOne(trading, brokerOrderId).then((answer) => answers.set(clientOrderId, answer));
    }
    if (isOver()) return true;
    if (now - lookedUpAt >= lookUpEveryMs && lookedUpAt > -Infinity)
      await trading.reconcileForKill(false).catch(() => undefined);
    lookedUpAt = now;
    return isOver();
  });
  for (const { clientOrderId } of orders) {
    const order = store.state().orders[clientOrderId];
    if (order) mark(endOf(order, answers.get(clientOrderId), null));
  }
}

/** Never rejects. */
async function cancelOne(trading: Trading, brokerOrderId: string): Promise<Answer> {
  try {
    await trading.killBroker().cancel(brokerOrderId);
    return { status: 204, reason: 'the broker took the cancel and has not ended it' };
  } catch (error) {
    return { status: answeredStatus(error), reason: reasonOf(error) };
  }
}

/** What works now, and what worked when the kill was called: an order that filled meanwhile is on the receipt too. */
function ordersToSettle(store: Store): Order[] {
  const { orders, kill } = store.state();
  const listed = new Set((kill?.items ?? []).map(({ id }) => id));
  return Object.values(orders).filter(
    (known) => !isFinal(known) || listed.has(`order:${known.clientOrderId}`),
  );
}

function isSettled(store: Store, clientOrderId: string): boolean {
  const known = store.state().orders[clientOrderId];
  return !known || isFinal(known);
}

/** An order that filled first is as done as one that was cancelled; what the broker answered beside it is told. */
function endOf(order: Order, answer: Answer | undefined, failure: string | null): KillItem {
  if (!isFinal(order))
    return orderItem(order, 'failed', failure ?? answer?.reason ?? 'its outcome is not known');
  if (failure !== null) return orderItem(order, 'failed', failure);
  const refused = answer?.status != null && answer.status >= 300 ? ` (it answered ${answer.status})` : '';
  const part = order.filledNanos > 0 ? `, ${order.filledNanos / 1e9} of ${order.qtyNanos / 1e9} filled` : '';
  switch (order.state) {
    case 'filled':
      return orderItem(order, 'done', `filled at the broker before a cancel${refused}`);
    case 'rejected':
      return orderItem(order, 'done', order.detail === '' ? 'refused by the broker' : order.detail);
    default:
      return orderItem(order, 'done', `${order.state} at the broker${part}${refused}`);
  }
}

/** Orders that were placed beside the desk were open too. */
function strangers(
  store: Store,
  answers: ReadonlyMap<string, Answer>,
  open: ReadonlySet<string> | null,
  failure: string | null,
): KillItem[] {
  const known = new Set(Object.values(store.state().orders).map(({ brokerOrderId }) => brokerOrderId));
  return [...answers]
    .filter(([brokerOrderId]) => !known.has(brokerOrderId))
    .map(([brokerOrderId, { reason }]) => {
      const label = `order ${brokerOrderId} placed beside the desk`;
      return open !== null && !open.has(brokerOrderId)
        ? killItem('order', brokerOrderId, label, 'done', 'no longer open at the broker')
        : killItem('order', brokerOrderId, label, 'failed', open === null ? (failure ?? reason) : reason);
    });
}
