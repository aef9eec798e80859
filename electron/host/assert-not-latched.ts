// The rule that after a kill nothing starts until somebody has re-armed.
import { DeskError } from '../contract/errors.ts';
import type { Store } from './store.ts';

/** Throws KILL_LATCHED while the kill switch is latched. */
export function assertNotLatched({ store }: { readonly store: Store }): void {
  const { entries } = store.state();
  if (entries.kind === 'latched')
    throw new DeskError('KILL_LATCHED', 'The kill switch is latched. Re-arm it with a reason first.', {
      killId: entries.killId,
    });
}
