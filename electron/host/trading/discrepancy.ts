// Positions that no order and no fill explains: raised with both versions side by side, closed by an operator.
import { DeskError } from '../../contract/errors.ts';
import type { Actor } from '../../contract/names.ts';
import type { DifferingPosition } from '../../contract/order-events.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

const noticeId = 'account-differs';

/** Puts the account to reducing and says what differs. */
export function raiseDiscrepancy(store: Store, at: number, positions: readonly DifferingPosition[]): void {
  store.commit({ kind: 'AccountDiffered', at, positions: [...positions] });
  store.commit({
    kind: 'NoticeRaised',
    at,
    noticeId,
    severity: 'critical',
    title: "The broker's positions differ from the desk's",
    detail: `${versions(store)}. No order explains it. Until you acknowledge the broker's version, orders only reduce positions.`,
  });
}

/** Takes the broker's version over. Rejects with NOTHING_DIFFERS or JOURNAL_FAILED. */
export async function acknowledgeDiscrepancy(
  store: Store,
  clock: Clock,
  actor: Actor,
  reason: string,
): Promise<DifferingPosition[]> {
  const { discrepancy } = store.state();
  if (!discrepancy)
    throw new DeskError(
      'NOTHING_DIFFERS',
      "The desk's positions are the broker's; nothing is to be acknowledged.",
    );
  await store.commitDurable({ kind: 'AccountAcknowledged', at: clock.now(), actor, reason });
  store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
  return [...discrepancy.positions];
}

function versions(store: Store): string {
  const differing = store.state().discrepancy?.positions ?? [];
  return differing
    .map(
      ({ symbol, oursNanos, theirsNanos }) =>
        `${symbol}: the desk counted ${oursNanos / 1e9}, the broker holds ${theirsNanos / 1e9}`,
    )
    .join('; ');
}
