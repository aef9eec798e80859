// Cancels every open order of an account until the broker lists none. Runs in the host and, on its own client, in the watchdog.
import type { RestingOrder } from '../../../contract/dead-man-events.ts';
import type { Broker, BrokerOrder } from '../broker.ts';

const firstRetryMs = 250;
const lastRetryMs = 5_000;

export type RestingBroker = Pick<Broker, 'cancelAll' | 'openOrders' | 'order'>;

export interface Cancellation {
  readonly orders: readonly RestingOrder[];
  /** The broker listed no open order any more. */
  readonly confirmed: boolean;
  readonly failure: string | null;
}

export interface CancelParts {
  /** Asked anew at each attempt: a connection may come back as another. Throws while there is none. */
  readonly broker: () => RestingBroker;
  /** False ends the attempts. */
  readonly goOn: () => boolean;
  readonly pause: (ms: number) => Promise<void>;
  /** What else must be true before it counts as confirmed. */
  readonly settled?: () => Promise<boolean>;
  readonly onFailure?: (reason: string) => void;
}

/** Never rejects: tries at 0.25 s to 5 s from each other until the broker confirms, or until it may not go on. */
export async function cancelResting(parts: CancelParts): Promise<Cancellation> {
  const seen = new Map<string, RestingOrder>();
  let failure: string | null = null;
  for (let waitMs = firstRetryMs; parts.goOn(); waitMs = Math.min(waitMs * 2, lastRetryMs)) {
    try {
      failure = await cancelOnce(parts, seen);
      if (failure === null) return { orders: await asTheyStand(parts, seen), confirmed: true, failure };
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    parts.onFailure?.(failure);
    await parts.pause(waitMs);
  }
  return { orders: [...seen.values()], confirmed: false, failure };
}

/** Resolves with what is still missing, or null. Cancels before it looks: the list can wait, the orders cannot. */
async function cancelOnce(
  { broker, settled }: CancelParts,
  seen: Map<string, RestingOrder>,
): Promise<string | null> {
  for (const { brokerOrderId } of await broker().cancelAll())
    if (!seen.has(brokerOrderId))
      seen.set(brokerOrderId, { brokerOrderId, label: brokerOrderId, status: 'cancel requested' });
  const open = await broker().openOrders();
  for (const order of open) seen.set(order.brokerOrderId, resting(order));
  if (open.length > 0) return `${open.length} still open at the broker`;
  return settled && !(await settled()) ? 'an order of the desk is not accounted for yet' : null;
}

/** A fill may have won the race; the broker tells. */
async function asTheyStand(
  { broker }: CancelParts,
  seen: ReadonlyMap<string, RestingOrder>,
): Promise<RestingOrder[]> {
  return Promise.all(
    [...seen.values()].map(async (known) => {
      try {
        return resting(await broker().order(known.brokerOrderId));
      } catch {
        return { ...known, status: 'no longer open' };
      }
    }),
  );
}

function resting({ brokerOrderId, side, qtyNanos, symbol, status }: BrokerOrder): RestingOrder {
  return { brokerOrderId, label: `${side} ${qtyNanos / 1e9} ${symbol}`, status };
}
