// The broker's half of a kill: cancel everything, then close or keep the positions, and say of each item what the broker shows.
import type { KillItem } from '../../contract/events.ts';
import type { KillPolicy } from '../../contract/names.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { Order } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { closingShares } from './allocate-execution.ts';
import type { BrokerPosition } from './broker.ts';
import { killItem, pollUntil } from './kill-items.ts';
import type { Trading } from './trading.ts';

const resendAfterMs = 2_000;

export interface FlattenParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Trading;
}

type Mark = (item: KillItem) => void;

/** Cancels all orders and applies the policy. Never rejects: what failed stands in the marked items. */
export async function flattenAccount(parts: FlattenParts, policy: KillPolicy, mark: Mark): Promise<void> {
  await cancelOrders(parts, mark);
  if (policy === 'flatten') await flatten(parts, mark);
  else await keepPositions(parts, mark);
}

async function cancelOrders({ store, clock, trading }: FlattenParts, mark: Mark): Promise<void> {
  const working = ordersToSettle(store);
  let failure: string | null = null;
  let isClear = false;
  await pollUntil(clock, async () => {
    try {
      await trading.killBroker().cancelAll();
      isClear = (await trading.killBroker().openOrders()).length === 0;
      failure = isClear ? null : 'still open at the broker';
    } catch (error) {
      isClear = false;
      failure = reasonOf(error);
    }
    if (!isClear) return false;
    if (working.every((known) => isSettled(store, known.clientOrderId))) return true;
    // The broker may yet take in what it does not list, and the stream that tells of its end may be down.
    await trading.reconcileForKill().catch(() => undefined);
    return working.every((known) => isSettled(store, known.clientOrderId));
  });
  for (const { clientOrderId, side, qtyNanos, symbol } of working) {
    const label = `${side} ${qtyNanos / 1e9} ${symbol}`;
    if (isClear && isSettled(store, clientOrderId))
      mark(killItem('order', clientOrderId, label, 'done', 'no longer open at the broker'));
    else mark(killItem('order', clientOrderId, label, 'failed', failure ?? 'its outcome is not known'));
  }
  if (failure !== null) mark(killItem('order', 'all', 'orders at the broker', 'failed', failure));
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

interface OpenPosition {
  readonly label: string;
  sentAt: number | null;
  failure: string | null;
}

async function flatten(parts: FlattenParts, mark: Mark): Promise<void> {
  const open = new Map<string, OpenPosition>();
  let unread: string | null = null;
  await pollUntil(parts.clock, async () => {
    try {
      const positions = await parts.trading.killBroker().positions();
      unread = null;
      closeAll(parts, positions, open, mark);
      return positions.length === 0;
    } catch (error) {
      unread = reasonOf(error);
      return false;
    }
  });
  for (const [symbol, position] of open) mark(unfinished(parts, symbol, position, unread));
  settleUnseen(parts.store, mark, unread);
  await parts.trading.refreshAccount().catch(() => undefined);
}

function closeAll(
  parts: FlattenParts,
  positions: readonly BrokerPosition[],
  open: Map<string, OpenPosition>,
  mark: Mark,
): void {
  for (const position of positions) {
    const { symbol } = position;
    const label = `${symbol} ${position.qtyNanos / 1e9}`;
    const known = open.get(symbol) ?? { label, sentAt: null, failure: null };
    if (!open.has(symbol)) mark(killItem('position', symbol, label, 'pending', 'closing at market'));
    open.set(symbol, known);
    closeOnce(parts, position, known);
  }
  const held = new Set(positions.map((position) => position.symbol));
  for (const [symbol, { label }] of open) {
    if (held.has(symbol)) continue;
    open.delete(symbol);
    mark(killItem('position', symbol, label, 'done', 'flat at the broker'));
  }
}

/** Does not wait: an answer that hangs may keep neither the other positions nor the sandboxes from being closed. */
function closeOnce(parts: FlattenParts, position: BrokerPosition, known: OpenPosition): void {
  const now = parts.clock.monotonicMs();
  if (workingOrders(parts.store, position.symbol).length > 0) return;
  if (known.sentAt !== null && now - known.sentAt < resendAfterMs) return;
  known.sentAt = now;
  void close(parts, position).then((failure) => {
    known.failure = failure;
  });
}

/** Never rejects: resolves with why the closing order was not taken, or null. */
async function close(
  { store, trading }: FlattenParts,
  { symbol, qtyNanos }: BrokerPosition,
): Promise<string | null> {
  try {
    // The gate judges by the desk's position; take over the broker's figure first if they differ.
    if (store.state().account?.positions[symbol] !== qtyNanos) await trading.reconcileForKill();
    const shares = closingShares(store.state(), symbol, qtyNanos);
    await trading.close(symbol, qtyNanos > 0 ? 'sell' : 'buy', Math.abs(qtyNanos), shares);
  } catch (error) {
    return reasonOf(error);
  }
  const sent = Object.values(store.state().orders).findLast((order) => order.symbol === symbol);
  return sent?.state === 'rejected' ? sent.detail : null;
}

function workingOrders(store: Store, symbol: string): Order[] {
  return Object.values(store.state().orders).filter((known) => known.symbol === symbol && !isFinal(known));
}

function unfinished(
  { store, trading }: FlattenParts,
  symbol: string,
  { label, failure }: OpenPosition,
  unread: string | null,
): KillItem {
  const marketClock = trading.marketClock();
  const stands = workingOrders(store, symbol).some((known) => known.brokerOrderId !== null);
  if (unread === null && marketClock?.isOpen === false && stands) {
    const opensAt = new Date(marketClock.nextOpenAt).toISOString();
    const detail = `market closed: the closing order stands until ${opensAt}`;
    return killItem('position', symbol, label, 'waiting', detail);
  }
  return killItem('position', symbol, label, 'failed', unread ?? failure ?? 'still open at the broker');
}

/** Items that the desk listed and the broker never showed: flat already, or unknown if the broker could not be asked. */
function settleUnseen(store: Store, mark: Mark, unread: string | null): void {
  for (const listed of store.state().kill?.items ?? []) {
    if (listed.kind !== 'position' || listed.state !== 'pending' || listed.detail !== 'open') continue;
    mark({ ...listed, state: unread === null ? 'done' : 'failed', detail: unread ?? 'flat at the broker' });
  }
  if (unread !== null) mark(killItem('position', 'all', 'positions at the broker', 'failed', unread));
}

async function keepPositions({ trading, store }: FlattenParts, mark: Mark): Promise<void> {
  let unread: string | null = null;
  try {
    for (const { symbol, qtyNanos } of await trading.killBroker().positions()) {
      const label = `${symbol} ${qtyNanos / 1e9}`;
      mark(killItem('position', symbol, label, 'kept', 'left open and unmanaged, as chosen'));
    }
  } catch (error) {
    unread = reasonOf(error);
  }
  settleUnseen(store, mark, unread);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
