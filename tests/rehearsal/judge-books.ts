// The desk's books against the journal's sums at every event, and against the broker's truth once everything is calm.
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import type { CrashingJournal } from '../support/crashing-journal.ts';
import { startCashMicros } from '../support/troubled-orders.ts';
import { tradedSymbols, type TroubledBroker } from '../support/troubled-broker.ts';
import type { NaiveBooks } from './naive-books.ts';
import type { TradingDesk } from './trading-desk.ts';

/** The desk's books against what the journal adds up to. */
export function judgeBooks(books: NaiveBooks, state: DeskState): string[] {
  const complaints: string[] = [];
  for (const symbol of tradedSymbols) {
    const sum = [...books.held].reduce(
      (total, [key, qtyNanos]) => total + (key.endsWith(` ${symbol}`) ? qtyNanos : 0),
      0,
    );
    if (sum !== (books.filled.get(symbol) ?? 0))
      complaints.push(`${symbol}: agents and house hold ${sum}, filled are ${books.filled.get(symbol)}`);
    const ours = state.account?.positions[symbol] ?? 0;
    if (state.account && ours !== (books.positions.get(symbol) ?? 0))
      complaints.push(`${symbol}: the account shows ${ours}, the journal ${books.positions.get(symbol)}`);
  }
  for (const { agentId, positions, realisedMicros } of Object.values(state.agents)) {
    const costMicros = Object.values(positions).reduce((sum, position) => sum + position.costMicros, 0);
    if (costMicros - realisedMicros !== (books.paidMicros.get(agentId) ?? 0))
      complaints.push(
        `${agentId} paid ${books.paidMicros.get(agentId)}, has ${costMicros} - ${realisedMicros}`,
      );
    for (const symbol of tradedSymbols)
      if ((positions[symbol]?.qtyNanos ?? 0) !== (books.held.get(`${agentId} ${symbol}`) ?? 0))
        complaints.push(`${agentId} holds ${positions[symbol]?.qtyNanos} ${symbol}, allocated otherwise`);
  }
  const fees = Object.values(state.agents).reduce((sum, { feesMicros }) => sum + feesMicros, 0);
  const { counted = null, unsharedFeesMicros = 0 } = state.account ?? {};
  if (state.account && fees + unsharedFeesMicros !== books.feesMicros)
    complaints.push(`fees of ${fees} and ${unsharedFeesMicros}, the journal says ${books.feesMicros}`);
  if (state.account && (counted?.cashMicros ?? null) !== books.countedMicros)
    complaints.push(
      `the cash is counted as ${counted?.cashMicros}, the journal adds up to ${books.countedMicros}`,
    );
  if (books.realisedMicros !== state.totals.realisedMicros)
    complaints.push(`realised ${state.totals.realisedMicros}, the journal says ${books.realisedMicros}`);
  return complaints;
}

interface Truth {
  readonly broker: TroubledBroker;
  readonly journal: CrashingJournal;
  /** Signed quantities that came without an order. */
  readonly transfers: ReadonlyMap<string, number>;
}

/** Nothing is lost, nothing counted twice, and every agent has what it wants. */
export function judgeCalm(
  { broker, journal, transfers }: Truth,
  books: NaiveBooks,
  desk: TradingDesk,
): string[] {
  const state = desk.store.state();
  const complaints = Object.values(state.orders)
    .filter((order) => !isFinal(order))
    .map(({ clientOrderId, state: is }) => `${clientOrderId} is still ${is}`);
  const made = new Set<string>();
  for (const [clientOrderId, { executions }] of broker.account.truth) {
    if (!books.orders.has(clientOrderId))
      complaints.push(`${clientOrderId} is at the broker and not on record`);
    for (const { execution } of executions)
      made.add(`${execution.order.brokerOrderId}:${execution.cumulativeNanos}`);
  }
  for (const id of made) if (!books.executionIds.has(id)) complaints.push(`execution ${id} is not on record`);
  for (const symbol of tradedSymbols) {
    const theirs = broker.account.positions().get(symbol) ?? 0;
    if (
      (state.account?.positions[symbol] ?? 0) !== theirs ||
      (books.filled.get(symbol) ?? 0) !== theirs - (transfers.get(symbol) ?? 0)
    )
      complaints.push(
        `${symbol}: the broker holds ${theirs}, the desk says ${state.account?.positions[symbol]}, filled are ${books.filled.get(symbol)}`,
      );
  }
  const counted = state.account?.counted?.cashMicros;
  if (counted !== broker.account.cashMicros())
    complaints.push(`the desk counts cash of ${counted}, the broker has ${broker.account.cashMicros()}`);
  return [...complaints, ...judgeCash(broker, books), ...judgeTargets(journal, desk)];
}

/** A part of a share may be worth a fraction of a micro-dollar, so that parts of a fill sum to it only nearly. */
function judgeCash(broker: TroubledBroker, books: NaiveBooks): string[] {
  const paid = [...books.paidMicros.values()].reduce((sum, micros) => sum + micros, 0);
  const charged = broker.account.chargedMicros();
  const off = Math.abs(startCashMicros - paid - charged - broker.account.cashMicros());
  return off > (books.hasParts ? 500 : 0)
    ? [`the desk paid ${paid}, the broker has ${broker.account.cashMicros()} left`]
    : [];
}

function judgeTargets(journal: CrashingJournal, { store }: TradingDesk): string[] {
  const state = store.state();
  if (state.entries.kind !== 'open') return [];
  return tradedSymbols.flatMap((symbol) => {
    // Beyond the limits nobody gets what it wants.
    if (journal.payloads.some((text) => text.includes('"OrderDenied"') && text.includes(`"${symbol}"`)))
      return [];
    return Object.values(state.agents)
      .filter(({ phase }) => phase === 'running')
      .map(({ agentId, targets, positions }) => ({
        agentId,
        wanted: targets[symbol]?.qtyNanos,
        has: positions[symbol]?.qtyNanos ?? 0,
      }))
      .filter(({ wanted, has }) => wanted !== undefined && wanted !== has)
      .map(({ agentId, wanted, has }) => `${agentId} wants ${wanted} ${symbol} and has ${has}`);
  });
}
