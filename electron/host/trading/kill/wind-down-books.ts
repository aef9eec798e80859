// Closes what a kill's policy does not leave of single books, by the ordinary way of an order: wishes of killed agents are
// netted with the others', judged by the gate, and shared out; other books stay what they are. Never rejects.
import type { RoundOutcome } from '../../../contract/execute.ts';
import type { KillPolicy } from '../../../contract/names.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Native } from '../../../native/load.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { houseAgentId } from '../books/allocate-execution.ts';
import { isConfirmed, judgeBooks } from './judge-books.ts';
import { isOvertaken, type Mark, pollUntil, reasonOf } from './kill-items.ts';
import { type BookPlan, heldBy, housePositions, isReached, killedBooks, planBook } from './plan-books.ts';
import type { Trading } from '../trading.ts';

/** What was refused is asked for again, and what may have been missed is looked up, this often. */
const againMs = 500;

export interface WindDownParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly native: Pick<Native, 'keepHedged'>;
  readonly trading: Trading;
}

export interface WindDown {
  readonly policy: KillPolicy;
  readonly agentIds: readonly string[];
  /** The whole account is killed: what no agent owns is a book of its own. */
  readonly isWide: boolean;
}

/** A wind-down under way. */
export interface Winding extends WindDown {
  readonly plans: readonly BookPlan[];
  /** What no agent owns by symbol, as it must be in the end. */
  readonly unowned: ReadonlyMap<string, number>;
  /** What came of the last round in a symbol. */
  readonly outcomes: Map<string, RoundOutcome>;
}

/** What the broker holds, signed by symbol, or why it did not tell. */
export type AtBroker = ReadonlyMap<string, number> | string;

/** Applies the policy to each book, waits until the books and the broker show it, and marks every position. */
export async function windDownBooks(parts: WindDownParts, order: WindDown, mark: Mark): Promise<void> {
  const { store, clock, trading } = parts;
  const winding = await begin(parts, order);
  const lastAsked = new Map<string, number>();
  let lookedUpAt = clock.monotonicMs();
  let atBroker: AtBroker | null = null;
  await pollUntil(clock, async () => {
    if (!order.isWide && isOvertaken(store.state())) return true;
    const now = clock.monotonicMs();
    const open = winding.plans.filter((plan) => !isReached(store, plan));
    for (const { agentId, symbol } of open) {
      if (now - (lastAsked.get(symbol) ?? -Infinity) < againMs) continue;
      lastAsked.set(symbol, now);
      ask(parts, winding, agentId, symbol);
    }
    atBroker = open.length === 0 ? await readPositions(trading) : null;
    if (atBroker !== null && isConfirmed(store, winding, atBroker)) return true;
    if (now - lookedUpAt < againMs) return false;
    lookedUpAt = now;
    await trading.reconcileForKill(order.isWide).catch(() => undefined);
    return false;
  });
  atBroker ??= await readPositions(trading);
  for (const item of judgeBooks(parts, winding, atBroker)) mark(item);
}

async function begin({ store, clock, trading, native }: WindDownParts, order: WindDown): Promise<Winding> {
  const before = housePositions(store.state());
  // Fills of the orders that were cancelled are in the books then, and the broker's prices are those of now.
  if (order.isWide) await agreeOnPositions(store, clock, trading);
  else await trading.reconcileForKill(false).catch(() => undefined);
  const books = killedBooks(store.state(), order.agentIds, order.isWide);
  const plans = [...books].flatMap(([agentId, held]) =>
    planBook(native, trading.terms, order.policy, agentId, held),
  );
  for (const { agentId, symbol, qtyNanos, keepNanos } of plans) {
    if (agentId === houseAgentId || keepNanos === qtyNanos) continue;
    const priceTicks = trading.terms(symbol).priceTicks ?? 0;
    const reason = `kill, ${order.policy}`;
    // On record, so that a host that starts again goes on with it once the market opens.
    const target = { agentId, symbol, qtyNanos: keepNanos, priceTicks, reason };
    store.commit({ kind: 'TargetSet', at: clock.now(), ...target });
  }
  const kept = plans.filter(({ agentId }) => agentId === houseAgentId);
  const unowned = order.isWide
    ? kept.map(({ symbol, keepNanos }) => [symbol, keepNanos] as const)
    : before.map(({ symbol, qtyNanos }) => [symbol, qtyNanos] as const);
  return { ...order, plans, unowned: new Map(unowned), outcomes: new Map() };
}

/** What differs is taken over once nothing can explain it: then the books sum to what the broker holds. */
function agreeOnPositions(store: Store, clock: Clock, trading: Trading): Promise<void> {
  return pollUntil(clock, async () => {
    await trading.reconcileForKill(true).catch(() => undefined);
    const atBroker = await readPositions(trading);
    const ours = Object.entries(store.state().account?.positions ?? {}).filter(
      ([, qtyNanos]) => qtyNanos !== 0,
    );
    return (
      typeof atBroker === 'string' ||
      (ours.length === atBroker.size && ours.every(([symbol, qtyNanos]) => atBroker.get(symbol) === qtyNanos))
    );
  });
}

/** Not waited for: an order whose answer hangs may not hold up the others. */
function ask(parts: WindDownParts, winding: Winding, agentId: string, symbol: string): void {
  const { outcomes } = winding;
  const round = agentId === houseAgentId ? closeHouse(parts, winding, symbol) : parts.trading.round(symbol);
  void round.then(
    (outcome) => outcomes.set(symbol, outcome),
    (error: unknown) => outcomes.set(symbol, { kind: 'none', code: 'FAILED', detail: reasonOf(error) }),
  );
}

/** The house wants nothing by itself: its part is closed by an order of its own, once nothing else works in the symbol. */
async function closeHouse(
  { store, trading }: WindDownParts,
  { plans }: Winding,
  symbol: string,
): Promise<RoundOutcome> {
  const working = Object.values(store.state().orders).some(
    (order) => order.symbol === symbol && !isFinal(order),
  );
  const plan = plans.find((other) => other.agentId === houseAgentId && other.symbol === symbol);
  const excessNanos = plan ? heldBy(store, houseAgentId, symbol) - plan.keepNanos : 0;
  if (working || excessNanos === 0)
    return { kind: 'none', code: 'ORDER_WORKING', detail: 'an order in this symbol is in work' };
  const qtyNanos = Math.abs(excessNanos);
  const shares = [{ agentId: houseAgentId, qtyNanos }];
  await trading.close(symbol, excessNanos > 0 ? 'sell' : 'buy', qtyNanos, shares);
  return { kind: 'none', code: 'ORDER_WORKING', detail: 'its closing order is not filled' };
}

async function readPositions(trading: Trading): Promise<AtBroker> {
  try {
    const positions = await trading.killBroker().positions();
    return new Map(positions.map(({ symbol, qtyNanos }) => [symbol, qtyNanos]));
  } catch (error) {
    return reasonOf(error);
  }
}
