// Brings the desk's orders and positions in line with the broker's: at start, after every reconnect, and on a timer.
import { DeskError } from '../../contract/errors.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { DeskState } from '../../contract/state.ts';
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

/** Reads every open order's truth and the account. Rejects with BROKER_UNAVAILABLE, after all that could be read was. */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { store, isInFlight } = parts;
  const failures: unknown[] = [];
  for (const order of Object.values(store.state().orders)) {
    if (isFinal(order) || isInFlight(order.clientOrderId)) continue;
    await reconcileOrder(parts, order.clientOrderId).catch((error: unknown) => failures.push(error));
  }
  await readAccount(parts);
  if (failures.length > 0) throw failures[0];
}

/** Reads one order and the executions that are missing here. */
export async function reconcileOrder(
  { store, clock, broker, book, isInFlight }: ReconcileParts,
  clientOrderId: string,
): Promise<void> {
  const found = await broker.findOrder(clientOrderId);
  if (!found) {
    if (isInFlight(clientOrderId)) return;
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

/**
 * Reads equity, cash and positions; raises a notice when a position differs from the desk's.
 * Where an order is in work the desk's own count stands: nobody can tell which of its fills the broker's figure includes.
 */
export async function readAccount({
  store,
  clock,
  broker,
}: Pick<ReconcileParts, 'store' | 'clock' | 'broker'>): Promise<void> {
  const asked = store.state();
  const [account, positions] = await Promise.all([broker.account(), broker.positions()]);
  const before = store.state();
  const at = clock.now();
  const theirs = new Map(positions.map(({ symbol, qtyNanos }) => [symbol, qtyNanos]));
  const ours = before.account?.positions;
  const differing: { symbol: string; oursNanos: number; theirsNanos: number }[] = [];
  for (const symbol of new Set([...Object.keys(ours ?? {}), ...theirs.keys()])) {
    const oursNanos = ours?.[symbol] ?? 0;
    const theirsNanos = theirs.get(symbol) ?? 0;
    if (!ours || oursNanos === theirsNanos) continue;
    if (isUnsettled(asked, before, symbol)) theirs.set(symbol, oursNanos);
    else differing.push({ symbol, oursNanos, theirsNanos });
  }
  const read = [...theirs].filter(([, qtyNanos]) => qtyNanos !== 0);
  store.commit({
    kind: 'AccountRead',
    at,
    ...account,
    positions: read.map(([symbol, qtyNanos]) => ({ symbol, qtyNanos })),
  });
  for (const { symbol, oursNanos, theirsNanos } of differing) {
    store.commit({
      kind: 'NoticeRaised',
      at,
      noticeId: `position-${symbol}`,
      severity: 'warning',
      title: `${symbol}: the broker's position differs`,
      detail: `The desk counted ${oursNanos / 1e9}, the broker holds ${theirsNanos / 1e9}. The broker's figure is used.`,
    });
  }
}

/** True when an order in the symbol is in work or has changed while the broker was asked. */
function isUnsettled(asked: DeskState, answered: DeskState, symbol: string): boolean {
  return Object.values(answered.orders).some(
    (order) => order.symbol === symbol && (!isFinal(order) || asked.orders[order.clientOrderId] !== order),
  );
}
