// What the policy of a kill leaves of each book it stops, judged by the prices of that moment.
import type { KillPolicy } from '../../../contract/names.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { DeskState, Order } from '../../../contract/state.ts';
import type { Native } from '../../../native/load.ts';
import type { Store } from '../../store.ts';
import { houseAgentId } from '../books/allocate-execution.ts';
import type { Trading } from '../trading.ts';

/** One position of a killed book and what is to become of it. */
export interface BookPlan {
  readonly agentId: string;
  readonly symbol: string;
  /** Signed, when the policy was applied. */
  readonly qtyNanos: number;
  /** Signed; never more than is held, nor on the other side. */
  readonly keepNanos: number;
  /** Why, where the policy's name does not say it; empty otherwise. */
  readonly note: string;
}

interface Held {
  readonly symbol: string;
  readonly qtyNanos: number;
}

/** Positions of the killed agents' books and, where the whole account is killed, of what no agent owns. */
export function killedBooks(
  state: DeskState,
  agentIds: readonly string[],
  withHouse: boolean,
): ReadonlyMap<string, readonly Held[]> {
  const books = new Map<string, readonly Held[]>();
  for (const agentId of agentIds) books.set(agentId, Object.values(state.agents[agentId]?.positions ?? {}));
  if (withHouse) books.set(houseAgentId, housePositions(state));
  return books;
}

/** What the account holds beyond the agents' books. */
export function housePositions({ account, agents }: DeskState): Held[] {
  const left = new Map(Object.entries(account?.positions ?? {}));
  for (const { symbol, qtyNanos } of Object.values(agents).flatMap(({ positions }) =>
    Object.values(positions),
  ))
    left.set(symbol, (left.get(symbol) ?? 0) - qtyNanos);
  return [...left]
    .filter(([, qtyNanos]) => qtyNanos !== 0)
    .map(([symbol, qtyNanos]) => ({ symbol, qtyNanos }));
}

/** Plans one book. */
export function planBook(
  native: Pick<Native, 'keepHedged'>,
  terms: Trading['terms'],
  policy: KillPolicy,
  agentId: string,
  held: readonly Held[],
): BookPlan[] {
  const plan = (keep: (at: number, qtyNanos: number) => number, note: string): BookPlan[] =>
    held.map(({ symbol, qtyNanos }, at) => ({
      agentId,
      symbol,
      qtyNanos,
      keepNanos: keep(at, qtyNanos),
      note,
    }));
  if (policy === 'keep') return plan((_, qtyNanos) => qtyNanos, '');
  if (policy === 'flatten') return plan(() => 0, '');
  const legs = held.map(({ symbol, qtyNanos }) => ({ symbol, qtyNanos, ...terms(symbol) }));
  const unpriced = legs.filter(({ priceTicks }) => priceTicks === null).map(({ symbol }) => symbol);
  if (unpriced.length > 0) return plan(() => 0, `no price of ${unpriced.join(', ')} is known`);
  try {
    const kept = native.keepHedged(
      legs.map(({ qtyNanos, priceTicks, lotNanos }) => ({ qtyNanos, priceTicks: priceTicks ?? 0, lotNanos })),
    );
    return plan((at) => kept[at] ?? 0, '');
  } catch (error) {
    return plan(() => 0, `the hedge could not be judged: ${String(error)}`);
  }
}

/** What the book holds now, signed. */
export function heldBy({ state }: Pick<Store, 'state'>, agentId: string, symbol: string): number {
  if (agentId !== houseAgentId) return state().agents[agentId]?.positions[symbol]?.qtyNanos ?? 0;
  return housePositions(state()).find((held) => held.symbol === symbol)?.qtyNanos ?? 0;
}

/** The book is where the policy wants it and no order can still move it. */
export function isReached(store: Store, { agentId, symbol, keepNanos }: BookPlan): boolean {
  return heldBy(store, agentId, symbol) === keepNanos && ordersFor(store, agentId, symbol).length === 0;
}

/** Orders in work in the symbol with a share of the agent's. */
export function ordersFor({ state }: Pick<Store, 'state'>, agentId: string, symbol: string): Order[] {
  return Object.values(state().orders).filter(
    (order) =>
      order.symbol === symbol && !isFinal(order) && order.shares.some((share) => share.agentId === agentId),
  );
}
