// What a kill does to the positions of a whole account: closes or keeps what the broker holds, whether the desk knows of it
// or not, and says of each what the broker shows. Never rejects: what failed stands in the items.
import type { KillItem } from '../../../contract/events.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Order } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { closingShares } from '../books/allocate-execution.ts';
import type { BrokerPosition } from '../broker.ts';
import { killItem, type Mark, pollUntil, positionItem, reasonOf } from './kill-items.ts';
import type { Trading } from '../trading.ts';

const resendAfterMs = 2_000;
/** While the desk's record differs: a fill that is told late would be counted twice. */
const lookAgainMs = 500;

export interface FlattenParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Trading;
}

interface OpenPosition {
  /** When it was seen first. */
  readonly qtyNanos: number;
  /** When an order for it may be sent next. */
  notBefore: number;
  failure: string | null;
}

/** Closes every position at market and waits until the broker holds none. */
export async function flattenAccount(parts: FlattenParts, mark: Mark): Promise<void> {
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
    const { symbol, qtyNanos } = position;
    const known = open.get(symbol) ?? { qtyNanos, notBefore: -Infinity, failure: null };
    if (!open.has(symbol)) mark(positionItem(symbol, qtyNanos, 'pending', 'closing at market'));
    open.set(symbol, known);
    closeOnce(parts, position, known);
  }
  const held = new Set(positions.map((position) => position.symbol));
  for (const [symbol, { qtyNanos }] of open) {
    if (held.has(symbol)) continue;
    open.delete(symbol);
    mark(positionItem(symbol, qtyNanos, 'done', 'flat at the broker'));
  }
}

/** Does not wait: an answer that hangs may keep neither the other positions nor the sandboxes from being closed. */
function closeOnce(parts: FlattenParts, position: BrokerPosition, known: OpenPosition): void {
  const now = parts.clock.monotonicMs();
  if (workingOrders(parts.store, position.symbol).length > 0) return;
  if (now < known.notBefore) return;
  known.notBefore = now + resendAfterMs;
  void closeIfAgreed(parts, position).then((failure) => {
    known.failure = failure;
    if (failure === differs) known.notBefore = now + lookAgainMs;
  });
}

const differs = "the broker's position is not the desk's, and a fill may yet explain it";

/** The gate judges by the desk's position: the broker's is taken over first, once nothing can explain the difference. */
async function closeIfAgreed(parts: FlattenParts, position: BrokerPosition): Promise<string | null> {
  const { store, trading } = parts;
  const isAgreed = (): boolean =>
    (store.state().account?.positions[position.symbol] ?? 0) === position.qtyNanos;
  if (!isAgreed()) await trading.reconcileForKill(true).catch(() => undefined);
  return isAgreed() ? close(parts, position) : differs;
}

/** Never rejects: resolves with why the closing order was not taken, or null. */
async function close(
  { store, trading }: FlattenParts,
  { symbol, qtyNanos }: BrokerPosition,
): Promise<string | null> {
  try {
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
  { qtyNanos, failure }: OpenPosition,
  unread: string | null,
): KillItem {
  const marketClock = trading.marketClock();
  const stands = workingOrders(store, symbol).some((known) => known.brokerOrderId !== null);
  if (unread === null && marketClock?.isOpen === false && stands) {
    const opensAt = new Date(marketClock.nextOpenAt).toISOString();
    const detail = `stays open: market closed, the closing order stands until ${opensAt}`;
    return positionItem(symbol, qtyNanos, 'waiting', detail);
  }
  return positionItem(symbol, qtyNanos, 'failed', unread ?? failure ?? 'still open at the broker');
}

/** Items that the desk listed and the broker never showed: flat already, or unknown if the broker could not be asked. */
function settleUnseen(store: Store, mark: Mark, unread: string | null): void {
  for (const listed of store.state().kill?.items ?? []) {
    if (listed.kind !== 'position' || listed.state !== 'pending' || listed.detail !== 'open') continue;
    mark({ ...listed, state: unread === null ? 'done' : 'failed', detail: unread ?? 'flat at the broker' });
  }
  if (unread !== null) mark(killItem('position', 'all', 'positions at the broker', 'failed', unread));
}

/** Lists what stays open. */
export async function keepPositions({ trading, store }: FlattenParts, mark: Mark): Promise<void> {
  let unread: string | null = null;
  try {
    for (const { symbol, qtyNanos } of await trading.killBroker().positions()) {
      mark(positionItem(symbol, qtyNanos, 'kept', 'left open and unmanaged, as chosen'));
    }
  } catch (error) {
    unread = reasonOf(error);
  }
  settleUnseen(store, mark, unread);
}
