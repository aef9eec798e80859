// Whether the broker's cash is what the desk counts: what it began with, its fills, and the flows that the broker lists.
import { flowDays } from '../../../contract/reduce-cash.ts';
import type { DifferingCash } from '../../../contract/order-events.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { DeskState } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { Broker } from '../broker.ts';
import { type Doubts, hasLasted } from './doubts.ts';

/** A broker tells cents, and rounds each fill for itself. */
const centMicros = 10_000;
const dayMs = 86_400_000;

export interface FlowParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly broker: Broker;
  /** On the market's clock, as last read. */
  readonly marketNow: () => number | null;
}

/** Puts on record what is new in the broker's list of cash flows. Rejects with BROKER_*. */
export async function takeCashFlows({ store, clock, broker, marketNow }: FlowParts): Promise<void> {
  const now = marketNow();
  if (now === null || !store.state().account) return;
  const listed = await broker.cashFlows(now - flowDays * dayMs);
  const known = store.state().account?.flows ?? {};
  const flows = listed.filter(({ activityId }) => known[activityId] === undefined);
  if (flows.length > 0) store.commit({ kind: 'CashFlowed', at: clock.now(), flows });
}

/** False while an order is in work, or one has changed since the broker was asked: its figure may include a fill or not. */
export function isCashQuiet(asked: DeskState, answered: DeskState): boolean {
  return asked.orders === answered.orders && Object.values(answered.orders).every(isFinal);
}

export interface CashVerdict {
  /** The broker's figure is the desk's from here on. */
  readonly settles: boolean;
  readonly differs: DifferingCash | null;
}

const nothing: CashVerdict = { settles: false, differs: null };

/**
 * Judges the broker's figure. A difference counts once it has lasted, or along with a position in which the broker
 * `isBelieved`. The first figure has to last too: a flow in it that is listed later would be taken off it again.
 */
export function checkCash(
  { doubts, clock }: { readonly doubts: Doubts; readonly clock: Clock },
  { account }: DeskState,
  theirsMicros: number,
  { fillsReadAt, isBelieved }: { readonly fillsReadAt: number | null; readonly isBelieved: boolean },
): CashVerdict {
  const counted = account?.counted ?? null;
  const oursMicros = counted?.cashMicros ?? theirsMicros;
  const offMicros = Math.abs(theirsMicros - oursMicros);
  const doubt = doubts.cash;
  doubts.cash = null;
  if (counted && offMicros <= centMicros) return { settles: true, differs: null };
  // Rounded by the broker, fill for fill: nothing to tell of, and nothing to begin anew with.
  if (counted && offMicros <= centMicros * (2 + counted.fills)) return nothing;
  const isSame = doubt?.oursMicros === oursMicros && doubt.theirsMicros === theirsMicros;
  if (isBelieved || (isSame && hasLasted(doubt, fillsReadAt)))
    return { settles: true, differs: counted ? { oursMicros, theirsMicros } : null };
  doubts.cash = isSame ? doubt : { oursMicros, theirsMicros, since: clock.now() };
  return nothing;
}
