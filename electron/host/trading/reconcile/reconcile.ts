// Brings the desk's orders and positions in line with the broker's: at start, after every reconnect, and on a timer.
import { DeskError } from '../../../contract/errors.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { ExecutionBook } from '../books/execution-book.ts';
import { readAccount, type AccountParts } from './read-account.ts';

/** An order that nobody waits for any more may be on its way for as long as a request may take, and be taken in a moment later. */
const underWayMs = 12_000;

export interface ReconcileParts extends AccountParts {
  readonly book: ExecutionBook;
  readonly isInFlight: (clientOrderId: string) => boolean;
  /** Up to which time of the market's clock the broker's list of fills is complete by now; null while it is not known. */
  readonly fillHorizon: () => number | null;
  /** Called with an order that the broker does not show yet, and when to look again. */
  readonly onUnderWay: (clientOrderId: string, lookInMs: number) => void;
}

/**
 * Reads every open order's truth, the fills that nobody told of, and the account; `believes` the broker's positions as they are.
 * Rejects with BROKER_UNAVAILABLE, after all that could be read was.
 */
export async function reconcile(parts: ReconcileParts, believes = false): Promise<void> {
  const { store, clock, isInFlight } = parts;
  const failures: unknown[] = [];
  const fillsReadTo = parts.fillHorizon();
  const fillsReadAt = clock.now();
  for (const order of Object.values(store.state().orders)) {
    if (isFinal(order) || isInFlight(order.clientOrderId)) continue;
    await reconcileOrder(parts, order.clientOrderId).catch((error: unknown) => failures.push(error));
  }
  const readTo = store.state().account?.fillsReadTo ?? null;
  // A demo market that has started over is behind what was read of it before.
  const after = Math.min(readTo ?? Infinity, parts.marketNow() ?? Infinity);
  if (readTo !== null) await readMissedFills(parts, after).catch((error: unknown) => failures.push(error));
  const isComplete = failures.length === 0;
  await readAccount(parts, {
    believes,
    // A kill does not wait for what it does not need.
    countsCash: isComplete && !believes,
    ...(isComplete && { fillsReadAt, fillsReadTo }),
  });
  if (failures.length > 0) throw failures[0];
}

/** Reads one order and the executions that are missing here. */
export async function reconcileOrder(parts: ReconcileParts, clientOrderId: string): Promise<void> {
  const { store, clock, broker, book, isInFlight } = parts;
  const found = await broker.findOrder(clientOrderId);
  if (!found) {
    if (!isInFlight(clientOrderId)) closeUnknown(parts, clientOrderId);
    return;
  }
  store.commit({
    kind: 'OrderUpdated',
    at: clock.now(),
    clientOrderId,
    brokerOrderId: found.brokerOrderId,
    state: 'sent',
    detail: 'reconciled',
  });
  if (!book.settle(found)) {
    for (const execution of await broker.executions(found)) book.apply(execution);
    if (!book.settle(found)) {
      throw new DeskError(
        'BROKER_UNAVAILABLE',
        `The broker counts fills of ${clientOrderId} that its history does not show yet.`,
        { clientOrderId },
      );
    }
  }
}

/** An order that the broker does not show never came, once it can no longer be under way. */
function closeUnknown({ store, clock, onUnderWay }: ReconcileParts, clientOrderId: string): void {
  const order = store.state().orders[clientOrderId];
  if (!order || isFinal(order)) return;
  // Since it was last sent or heard of. A clock that was set back must not keep the order in work.
  const leftMs = underWayMs - Math.abs(clock.now() - order.updatedAt);
  if (leftMs > 0) return onUnderWay(clientOrderId, leftMs);
  const detail =
    order.brokerOrderId === null ? 'the broker never received it' : 'the broker does not know it any more';
  store.commit({ kind: 'OrderUpdated', at: clock.now(), clientOrderId, state: 'rejected', detail });
}

/** Fills of orders that are over here, or that were placed beside the desk, while the stream did not tell. */
async function readMissedFills({ store, broker, book }: ReconcileParts, after: number): Promise<void> {
  const filled = await broker.filledAfter(after);
  const known = new Map(Object.values(store.state().orders).map((order) => [order.brokerOrderId, order]));
  for (const [brokerOrderId, filledNanos] of filled) {
    const order = known.get(brokerOrderId);
    if (order && order.filledNanos >= filledNanos) continue;
    for (const execution of await broker.executions(await broker.order(brokerOrderId))) book.apply(execution);
  }
}
