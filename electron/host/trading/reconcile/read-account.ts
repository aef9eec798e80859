// Reads equity, cash and positions, and decides when a position that differs from the desk's is to be believed.
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { DifferingPosition } from '../../../contract/order-events.ts';
import type { DeskState } from '../../../contract/state.ts';
import { raiseDiscrepancy } from './discrepancy.ts';
import type { BrokerPosition } from '../broker.ts';
import { checkCash, type FlowParts, isCashQuiet, takeCashFlows } from './cash-check.ts';
import { type Doubts, hasLasted } from './doubts.ts';

export interface AccountParts extends FlowParts {
  readonly doubts: Doubts;
  /** Highest equity of this connection; null before the first reading. */
  readonly peakEquityMicros: () => number | null;
  /** Called with what the broker holds, prices with it. */
  readonly onPositions: (positions: readonly BrokerPosition[]) => void;
}

export interface Reading {
  /** When the broker's fills were read, if all of them were: what differs after that is not explained by them. */
  readonly fillsReadAt?: number;
  readonly fillsReadTo?: number | null;
  /** The cash is compared too; its flows are read for that. */
  readonly countsCash?: boolean;
  /** Takes the broker's positions once they have differed for long, even where its fills could not be read: a kill does. */
  readonly believes?: boolean;
}

/**
 * Reads the account; puts it to reducing when a position or the cash differs and nothing explains it.
 * Where an order is in work the desk's own count stands: nobody can tell which of its fills the broker's figure includes.
 */
export async function readAccount(parts: AccountParts, reading: Reading = {}): Promise<void> {
  const { store, clock, broker, doubts } = parts;
  const { fillsReadAt = null } = reading;
  const countsCash = reading.countsCash === true && store.state().account !== null;
  if (countsCash) await takeCashFlows(parts);
  const asked = store.state();
  const fillsReadTo = reading.fillsReadTo ?? (isFollowed(asked) ? null : parts.marketNow());
  const [{ equityMicros, cashMicros }, positions] = await Promise.all([broker.account(), broker.positions()]);
  parts.onPositions(positions);
  const before = store.state();
  const at = clock.now();
  const { held, believed } = judgePositions(doubts, asked, before, positions, reading, at);
  const isCashClear = countsCash && doubts.positions.size === 0 && isCashQuiet(asked, before);
  const cash = isCashClear
    ? checkCash(parts, before, cashMicros, { fillsReadAt, isBelieved: believed.length > 0 })
    : null;
  store.commit({
    kind: 'AccountRead',
    at,
    equityMicros,
    cashMicros,
    peakEquityMicros: Math.max(equityMicros, parts.peakEquityMicros() ?? 0),
    ...(fillsReadTo !== null && { fillsReadTo }),
    ...(cash?.settles === true && { cashSettled: true }),
    positions: [...held]
      .filter(([, qtyNanos]) => qtyNanos !== 0)
      .map(([symbol, qtyNanos]) => ({ symbol, qtyNanos })),
  });
  const differs = cash?.differs ?? null;
  if (believed.length > 0 || differs) raiseDiscrepancy(store, at, believed, differs);
}

/** What is held by whose word, and the differences in which the broker's is believed. */
function judgePositions(
  doubts: Doubts,
  asked: DeskState,
  before: DeskState,
  positions: readonly BrokerPosition[],
  reading: Reading,
  at: number,
): { held: ReadonlyMap<string, number>; believed: readonly DifferingPosition[] } {
  const held = new Map(positions.map(({ symbol, qtyNanos }) => [symbol, qtyNanos]));
  const believed: DifferingPosition[] = [];
  for (const difference of comparePositions(before, held)) {
    const { symbol, oursNanos, theirsNanos } = difference;
    if (oursNanos === theirsNanos || isUnsettled(asked, before, symbol)) doubts.positions.delete(symbol);
    else if (isBelieved(doubts, difference, reading, at)) believed.push(difference);
    if (!believed.includes(difference)) held.set(symbol, oursNanos);
  }
  return { held, believed };
}

/** What was filled before the first reading is in the positions that are read. */
function isFollowed({ account }: DeskState): boolean {
  return account !== null && account.fillsReadTo !== null;
}

/** Every symbol that either of them holds; none while the account was never read. */
function comparePositions({ account }: DeskState, held: ReadonlyMap<string, number>): DifferingPosition[] {
  if (!account) return [];
  return [...new Set([...Object.keys(account.positions), ...held.keys()])].map((symbol) => ({
    symbol,
    oursNanos: account.positions[symbol] ?? 0,
    theirsNanos: held.get(symbol) ?? 0,
  }));
}

/** The broker is believed when the difference has outlasted the time in which a fill could have explained it. */
function isBelieved(doubts: Doubts, difference: DifferingPosition, reading: Reading, at: number): boolean {
  const { symbol, oursNanos, theirsNanos } = difference;
  const doubt = doubts.positions.get(symbol);
  const isKnown = doubt?.oursNanos === oursNanos && doubt.theirsNanos === theirsNanos;
  const judgedAt = reading.believes === true ? at : (reading.fillsReadAt ?? null);
  if (isKnown && hasLasted(doubt, judgedAt)) return doubts.positions.delete(symbol) || true;
  if (!isKnown) doubts.positions.set(symbol, { ...difference, since: at });
  return false;
}

/** True when an order in the symbol is in work or has changed while the broker was asked. */
function isUnsettled(asked: DeskState, answered: DeskState, symbol: string): boolean {
  return Object.values(answered.orders).some(
    (order) => order.symbol === symbol && (!isFinal(order) || asked.orders[order.clientOrderId] !== order),
  );
}
