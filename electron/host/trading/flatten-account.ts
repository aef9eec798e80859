// The broker's half of a kill: cancel everything, then close or keep the positions, and say of each item what the broker shows.
import type { KillItem } from '../../contract/events.ts';
import type { KillPolicy } from '../../contract/names.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { closingShares } from './allocate-execution.ts';
import type { BrokerPosition } from './broker.ts';
import { killItem, pollUntil } from './kill-items.ts';
import type { Trading } from './trading.ts';

const resendAfterMs = 2_000;

export interface FlattenParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Trading;
}

type Mark = (item: KillItem) => void;

/** Cancels all orders and applies the policy. Never rejects: what failed stands in the marked items. */
export async function flattenAccount(parts: FlattenParts, policy: KillPolicy, mark: Mark): Promise<void> {
  await cancelOrders(parts, mark);
  if (policy === 'flatten') await flatten(parts, mark);
  else await keepPositions(parts, mark);
}

async function cancelOrders({ store, clock, trading }: FlattenParts, mark: Mark): Promise<void> {
  const working = Object.values(store.state().orders).filter((known) => !isFinal(known));
  let failure = '';
  let isClear = false;
  await pollUntil(clock, async () => {
    try {
      await trading.killBroker().cancelAll();
      isClear = (await trading.killBroker().openOrders()).length === 0;
      return isClear;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      return false;
    }
  });
  for (const known of working) {
    const label = `${known.side} ${known.qtyNanos / 1e9} ${known.symbol}`;
    if (isClear) mark(killItem('order', known.clientOrderId, label, 'done', 'no longer open at the broker'));
    else mark(killItem('order', known.clientOrderId, label, 'failed', failure || 'still open at the broker'));
  }
}

async function flatten(parts: FlattenParts, mark: Mark): Promise<void> {
  const sentAt = new Map<string, number>();
  const failures = new Map<string, string>();
  const seen = new Map<string, string>();
  await pollUntil(parts.clock, async () => {
    const positions = await parts.trading
      .killBroker()
      .positions()
      .catch((error: unknown) => {
        failures.set('*', error instanceof Error ? error.message : String(error));
        return null;
      });
    if (!positions) return false;
    failures.delete('*');
    for (const position of positions) {
      const label = `${position.symbol} ${position.qtyNanos / 1e9}`;
      if (!seen.has(position.symbol)) {
        seen.set(position.symbol, label);
        mark(killItem('position', position.symbol, label, 'pending', 'closing at market'));
      }
      await closeOnce(parts, position, sentAt, failures);
    }
    const held = new Set(positions.map((position) => position.symbol));
    for (const [symbol, label] of seen) {
      if (held.has(symbol)) continue;
      seen.delete(symbol);
      mark(killItem('position', symbol, label, 'done', 'flat at the broker'));
    }
    return positions.length === 0;
  });
  const marketClock = parts.trading.marketClock();
  for (const [symbol, label] of seen) {
    if (marketClock?.isOpen === false) {
      mark(
        killItem(
          'position',
          symbol,
          label,
          'waiting',
          `market closed: the closing order stands until ${new Date(marketClock.nextOpenAt).toISOString()}`,
        ),
      );
    } else
      mark(
        killItem(
          'position',
          symbol,
          label,
          'failed',
          failures.get(symbol) ?? failures.get('*') ?? 'still open at the broker',
        ),
      );
  }
  settleUnseen(parts.store, mark, failures.get('*'));
  await parts.trading.refreshAccount().catch(() => undefined);
}

async function closeOnce(
  { store, clock, trading }: FlattenParts,
  position: BrokerPosition,
  sentAt: Map<string, number>,
  failures: Map<string, string>,
): Promise<void> {
  const { symbol, qtyNanos } = position;
  const isWorking = Object.values(store.state().orders).some(
    (known) => known.symbol === symbol && !isFinal(known),
  );
  const last = sentAt.get(symbol);
  if (isWorking || (last !== undefined && clock.monotonicMs() - last < resendAfterMs)) return;
  sentAt.set(symbol, clock.monotonicMs());
  try {
    // The gate judges by the desk's position; take over the broker's figure first if they differ.
    if (store.state().account?.positions[symbol] !== qtyNanos) await trading.refreshAccount();
    await trading.close(
      symbol,
      qtyNanos > 0 ? 'sell' : 'buy',
      Math.abs(qtyNanos),
      closingShares(store.state(), symbol, qtyNanos),
    );
  } catch (error) {
    failures.set(symbol, error instanceof Error ? error.message : String(error));
  }
}

/** Items that the desk listed and the broker never showed: flat already, or unknown if the broker could not be asked. */
function settleUnseen(store: Store, mark: Mark, failure: string | undefined): void {
  for (const listed of store.state().kill?.items ?? []) {
    if (listed.kind !== 'position' || listed.state !== 'pending' || listed.detail !== 'open') continue;
    mark({ ...listed, state: failure ? 'failed' : 'done', detail: failure ?? 'flat at the broker' });
  }
}

async function keepPositions({ trading, store }: FlattenParts, mark: Mark): Promise<void> {
  try {
    for (const { symbol, qtyNanos } of await trading.killBroker().positions()) {
      mark(
        killItem(
          'position',
          symbol,
          `${symbol} ${qtyNanos / 1e9}`,
          'kept',
          'left open and unmanaged, as chosen',
        ),
      );
    }
    settleUnseen(store, mark, undefined);
  } catch (error) {
    settleUnseen(store, mark, error instanceof Error ? error.message : String(error));
  }
}
