// Brings the desk's orders and positions in line with the broker's: at start, after every reconnect, and on a timer.
import { DeskError } from '../../contract/errors.ts';
import { isFinal } from '../../contract/reduce.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { Broker } from './broker.ts';
import type { ExecutionBook } from './execution-book.ts';

export interface ReconcileParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly broker: Broker;
  readonly book: ExecutionBook;
  readonly isInFlight: (clientOrderId: string) => boolean;
}

/** Reads every open order's truth and the account. Rejects with BROKER_UNAVAILABLE. */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { store, isInFlight } = parts;
  for (const order of Object.values(store.state().orders)) {
    if (!isFinal(order) && !isInFlight(order.clientOrderId)) await reconcileOrder(parts, order.clientOrderId);
  }
  await readAccount(parts);
}

/** Reads one order and the executions that are missing here. */
export async function reconcileOrder(
  { store, clock, broker, book }: ReconcileParts,
  clientOrderId: string,
): Promise<void> {
  const found = await broker.findOrder(clientOrderId);
  if (!found) {
    store.commit({
      kind: 'OrderUpdated',
      at: clock.now(),
      clientOrderId,
      state: 'rejected',
      detail: 'the broker never received it',
    });
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

/** Reads equity, cash and positions; raises a notice when a position differs from the desk's with no order in work. */
export async function readAccount({
  store,
  clock,
  broker,
}: Pick<ReconcileParts, 'store' | 'clock' | 'broker'>): Promise<void> {
  const [account, positions] = await Promise.all([broker.account(), broker.positions()]);
  const before = store.state();
  const at = clock.now();
  store.commit({
    kind: 'AccountRead',
    at,
    ...account,
    positions: positions.map(({ symbol, qtyNanos }) => ({ symbol, qtyNanos })),
  });
  if (!before.account || Object.values(before.orders).some((order) => !isFinal(order))) return;
  const after = store.state().account?.positions ?? {};
  for (const symbol of new Set([...Object.keys(before.account.positions), ...Object.keys(after)])) {
    const ours = before.account.positions[symbol] ?? 0;
    const theirs = after[symbol] ?? 0;
    if (ours === theirs) continue;
    store.commit({
      kind: 'NoticeRaised',
      at,
      noticeId: `position-${symbol}`,
      severity: 'warning',
      title: `${symbol}: the broker's position differs`,
      detail: `The desk counted ${ours / 1e9}, the broker holds ${theirs / 1e9}. The broker's figure is used.`,
    });
  }
}
