// The rule that nothing of a killed strategy starts until somebody has re-armed it.
import { DeskError } from '../../contract/errors.ts';
import { strategyLatch } from '../../contract/latches.ts';
import type { DeskState } from '../../contract/state.ts';

/** Throws KILL_LATCHED while a kill keeps the strategy stopped. */
export function assertStrategyArmed(state: Pick<DeskState, 'latches'>, strategy: string): void {
  const latch = strategyLatch(state, strategy);
  if (!latch) return;
  throw new DeskError(
    'KILL_LATCHED',
    `The strategy ${strategy} was killed (${latch.reason}). Re-arm it first: rearm --scope ${latch.scope} --reason "…"`,
    { killId: latch.killId, scope: latch.scope },
  );
}
