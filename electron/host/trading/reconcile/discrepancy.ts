// Positions that no order and no fill explains: raised with both versions side by side, closed by an operator.
import { DeskError } from '../../../contract/errors.ts';
import type { Actor } from '../../../contract/names.ts';
import { differenceLines } from '../../../contract/difference-lines.ts';
import type { Differences, DifferingCash, DifferingPosition } from '../../../contract/order-events.ts';
import type { DeskState } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';

const noticeId = 'account-differs';

/** Puts the account to reducing and says what differs. */
export function raiseDiscrepancy(
  store: Store,
  at: number,
  positions: readonly DifferingPosition[],
  cash: DifferingCash | null,
): void {
  store.commit({ kind: 'AccountDiffered', at, positions: [...positions], ...(cash && { cash }) });
  const lines = differenceLines(store.state().discrepancy ?? { positions, cash });
  store.commit({
    kind: 'NoticeRaised',
    at,
    noticeId,
    severity: 'critical',
    title: "The broker's account differs from the desk's record",
    detail: `${lines.join('; ')}. No order, fill or fee explains it. Until you acknowledge the broker's version, orders only reduce positions.`,
  });
}

/** Takes the broker's version over. Rejects with NOTHING_DIFFERS or JOURNAL_FAILED. */
export async function acknowledgeDiscrepancy(
  store: Store,
  clock: Clock,
  actor: Actor,
  reason: string,
): Promise<Differences> {
  const { discrepancy } = store.state();
  if (!discrepancy)
    throw new DeskError(
      'NOTHING_DIFFERS',
      "The desk's record is the broker's; nothing is to be acknowledged.",
    );
  await store.commitDurable({ kind: 'AccountAcknowledged', at: clock.now(), actor, reason });
  store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
  return differencesOf(discrepancy);
}

/** Without the time since when it is known. */
export function differencesOf({ positions, cash }: NonNullable<DeskState['discrepancy']>): Differences {
  return { positions: [...positions], cash };
}
