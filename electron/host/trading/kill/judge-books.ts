// Says of each position that a kill has wound down what the book and the broker show of it.
import type { KillItem } from '../../../contract/events.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Store } from '../../store.ts';
import { bookItem, isOvertaken, killItem } from './kill-items.ts';
import { type BookPlan, heldBy, isReached, ordersFor } from './plan-books.ts';
import type { Trading } from '../trading.ts';
import type { AtBroker, Winding } from './wind-down-books.ts';

export interface JudgeParts {
  readonly store: Store;
  readonly trading: Pick<Trading, 'marketClock'>;
}

/** Judges by what is on record now and what the broker holds. */
export function judgeBooks(parts: JudgeParts, winding: Winding, atBroker: AtBroker): KillItem[] {
  const { store } = parts;
  const { plans, agentIds } = winding;
  const items = plans.map((plan) =>
    isReached(store, plan) ? reached(store, winding, plan, atBroker) : unfinished(parts, winding, plan),
  );
  const planned = new Set(plans.map(({ agentId, symbol }) => `${agentId}/${symbol}`));
  // An order that was cancelled too late can still have brought something.
  const late = agentIds
    .flatMap((agentId) => Object.values(store.state().agents[agentId]?.positions ?? {}))
    .filter(({ agentId, symbol }) => !planned.has(`${agentId}/${symbol}`))
    .map(({ agentId, symbol, qtyNanos }) =>
      bookItem(agentId, symbol, qtyNanos, 'failed', 'was filled after the policy had been applied'),
    );
  const unread =
    typeof atBroker === 'string'
      ? [killItem('position', 'all', 'positions at the broker', 'failed', atBroker)]
      : [];
  return [...items, ...late, ...unread];
}

/** The broker holds of every symbol what the books sum to, with what no agent owns. */
export function isConfirmed(store: Store, winding: Winding, atBroker: AtBroker): boolean {
  return winding.plans.every(({ symbol }) => doubtAbout(store, winding, symbol, atBroker) === null);
}

/** Why the broker's word does not confirm the books in the symbol; null when it does. */
function doubtAbout(store: Store, { unowned }: Winding, symbol: string, atBroker: AtBroker): string | null {
  if (typeof atBroker === 'string') return `not verified: ${atBroker}`;
  const { agents, orders } = store.state();
  const books = Object.values(agents).reduce(
    (sum, { positions }) => sum + (positions[symbol]?.qtyNanos ?? 0),
    unowned.get(symbol) ?? 0,
  );
  const theirs = atBroker.get(symbol) ?? 0;
  if (books === theirs) return null;
  return Object.values(orders).some((order) => order.symbol === symbol && !isFinal(order))
    ? 'not verified: an order of other agents is in work in the symbol'
    : `not verified: the broker holds ${theirs / 1e9} ${symbol}, the books sum to ${books / 1e9}`;
}

function reached(
  store: Store,
  winding: Winding,
  { agentId, symbol, qtyNanos, keepNanos, note }: BookPlan,
  atBroker: AtBroker,
): KillItem {
  const doubt = doubtAbout(store, winding, symbol, atBroker);
  const item = (state: KillItem['state'], detail: string): KillItem =>
    bookItem(agentId, symbol, qtyNanos, state, note === '' ? detail : `${detail}; ${note}`);
  if (doubt !== null) return item('failed', doubt);
  if (keepNanos === 0) return item('done', 'closed, as the broker shows');
  if (winding.policy === 'keep') return item('kept', 'left open and unmanaged, as chosen');
  const closedNanos = Math.abs(qtyNanos - keepNanos);
  const closed = closedNanos > 0 ? `${closedNanos / 1e9} closed, ` : '';
  return item('kept', `${closed}${keepNanos / 1e9} kept as a hedge`);
}

function unfinished(
  { store, trading }: JudgeParts,
  { isWide, outcomes }: Winding,
  { agentId, symbol, keepNanos, note }: BookPlan,
): KillItem {
  const heldNanos = heldBy(store, agentId, symbol);
  const open = `${Math.abs(heldNanos - keepNanos) / 1e9} stay open`;
  const item = (state: KillItem['state'], detail: string): KillItem =>
    bookItem(agentId, symbol, heldNanos, state, [`${open}: ${detail}`, note].filter(Boolean).join('; '));
  if (!isWide && isOvertaken(store.state())) return item('failed', 'a kill of everything has taken over');
  const outcome = outcomes.get(symbol);
  const clock = trading.marketClock();
  if (clock?.isOpen === false) {
    const opensAt = new Date(clock.nextOpenAt).toISOString();
    const stands = ordersFor(store, agentId, symbol).some(({ brokerOrderId }) => brokerOrderId !== null);
    if (stands) return item('waiting', `market closed, the closing order stands until ${opensAt}`);
    if (outcome?.kind === 'none' && outcome.code === 'ORDER_WORKING')
      return item('waiting', `market closed, an order of other agents stands first, until ${opensAt}`);
    if (outcome?.kind === 'denied' && outcome.code === 'MARKET_CLOSED')
      return item('waiting', `market closed, it is tried again at ${opensAt}`);
  }
  if (outcome?.kind === 'denied') return item('failed', `${outcome.code}, ${outcome.detail}`);
  const last = Object.values(store.state().orders).findLast((order) => order.symbol === symbol);
  if (last?.state === 'rejected') return item('failed', last.detail);
  return item('failed', outcome?.kind === 'none' ? outcome.detail : 'its closing order is not filled');
}
