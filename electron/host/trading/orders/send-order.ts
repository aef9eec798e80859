// Sends one approved order and finds out what became of it: taken, refused, or asked about until the broker tells.
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store.ts';
import type { Broker, BrokerOrder, MarketOrder } from '../broker.ts';
import type { GateContext } from '../risk/gate-context.ts';
import { submitFailure } from './submit-failure.ts';

const firstRetryMs = 250;
const lastRetryMs = 5_000;
/** A 404 counts only when it was asked for after this: the broker may still have been taking the order in. */
const lookupGraceMs = 2_000;

export interface SendParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: GateContext;
  readonly onOrder: (order: BrokerOrder) => void;
  readonly onSubmitted: (durationMs: number, failed: boolean) => void;
}

/** Resolves when the order's fate is on record. `broker` is asked anew at each step because it may have been restarted. */
export async function sendOrder(
  parts: SendParts,
  order: MarketOrder,
  broker: () => Broker,
  startedAt: number,
): Promise<void> {
  const market = parts.store.state().market?.label;
  let taken: BrokerOrder;
  try {
    taken = await broker().submit(order);
  } catch (error) {
    parts.onSubmitted(parts.clock.monotonicMs() - startedAt, true);
    if (submitFailure(error) === 'refused') return update(parts, order, 'rejected', reasonOf(error));
    update(parts, order, 'unknown', reasonOf(error));
    return findOut(parts, order, broker, market);
  }
  parts.onSubmitted(parts.clock.monotonicMs() - startedAt, false);
  take(parts, order, taken, '');
}

/** Looks the order up until the broker tells; sends the same id again once the broker says it never came. */
async function findOut(
  parts: SendParts,
  order: MarketOrder,
  broker: () => Broker,
  market: string | undefined,
): Promise<void> {
  const since = parts.clock.monotonicMs();
  for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, lastRetryMs)) {
    await parts.gate.sleep(waitMs);
    // Another market is another account: the order may neither be looked for nor be sent there.
    if (parts.store.state().market?.label !== market)
      return update(parts, order, 'rejected', 'the market was changed before its outcome was known');
    try {
      const waitedMs = parts.clock.monotonicMs() - since;
      const found = await broker().findOrder(order.clientOrderId);
      if (found) return take(parts, order, found, 'found at the broker');
      if (waitedMs < lookupGraceMs) continue;
      return await sendAgain(parts, order, broker);
    } catch (error) {
      if (submitFailure(error) === 'refused') return update(parts, order, 'rejected', reasonOf(error));
      parts.log.warn({ err: error, clientOrderId: order.clientOrderId }, 'order outcome still unknown');
    }
  }
}

/** Much may have happened since the approval, a kill for one: the gate judges anew. */
async function sendAgain(parts: SendParts, order: MarketOrder, broker: () => Broker): Promise<void> {
  const denial = parts.gate.check(order);
  if (denial)
    return update(parts, order, 'rejected', `the broker never received it; not sent again: ${denial.code}`);
  take(parts, order, await broker().submit(order), 'sent again under the same id');
}

function take(parts: SendParts, order: MarketOrder, taken: BrokerOrder, detail: string): void {
  update(parts, order, 'sent', detail, taken.brokerOrderId);
  parts.onOrder(taken);
}

function update(
  { store, clock }: SendParts,
  { clientOrderId }: MarketOrder,
  state: 'sent' | 'rejected' | 'unknown',
  detail: string,
  brokerOrderId?: string,
): void {
  store.commit({
    kind: 'OrderUpdated',
    at: clock.now(),
    clientOrderId,
    state,
    detail,
    ...(brokerOrderId ? { brokerOrderId } : {}),
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
