// What the broker last said of the account's money, and which of the desk's orders that figure counts already.
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { DeskState } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { Broker } from '../broker.ts';

export interface AccountReading {
  /** When it was asked for, on the host's clock. */
  readonly at: number;
  readonly equityMicros: number;
  readonly buyingPowerMicros: number;
  /** Highest equity of this connection. */
  readonly peakEquityMicros: number;
  /** Orders that the broker knew when it was asked: the buying power has them in it. */
  readonly counted: ReadonlySet<string>;
}

/** Asks the broker. Rejects with BROKER_*. */
export async function readFunds(
  broker: Broker,
  store: Store,
  clock: Clock,
  before: AccountReading | null,
): Promise<AccountReading> {
  const at = clock.now();
  const counted = knownToBroker(store.state());
  const { equityMicros, buyingPowerMicros } = await broker.account();
  const peakEquityMicros = Math.max(before?.peakEquityMicros ?? equityMicros, equityMicros);
  return { at, equityMicros, buyingPowerMicros, peakEquityMicros, counted };
}

/** An order without the broker's id may still be on its way there. */
function knownToBroker(state: DeskState): ReadonlySet<string> {
  const known = Object.values(state.orders).filter((order) => order.brokerOrderId !== null || isFinal(order));
  return new Set(known.map((order) => order.clientOrderId));
}
