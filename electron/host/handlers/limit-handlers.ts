// The risk limits: shown, and changed as a whole by one event.
import type { OutputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { changedLimits, limitRows, type showLimits } from '../../contract/limits.ts';
import type { DeskState } from '../../contract/state.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';

type LimitParts = Pick<HostParts, 'store' | 'clock' | 'rebalanceAll'>;

/** Builds the handlers of the limits. */
export function createLimitHandlers(parts: LimitParts): Pick<DeskHandlers, 'limits.show' | 'limits.set'> {
  const { store, clock } = parts;
  return {
    'limits.show': () => limitBoard(store.state()),
    'limits.set': async ({ changes: amounts, confirm }, { actor }) => {
      const { mode, limits, accountNumber } = store.state();
      if (mode === 'live') assertConfirmed(accountNumber, confirm);
      const changes = changedLimits(limits, amounts);
      if (changes.length > 0) {
        await store.commitDurable({ kind: 'LimitsChanged', at: clock.now(), actor, mode, changes });
        // What the old limits refused may pass now.
        parts.rebalanceAll();
      }
      return limitBoard(store.state());
    },
  };
}

function limitBoard(state: DeskState): OutputOf<typeof showLimits> {
  const { mode, limits, limitsChanged, breach } = state;
  return { mode, limits: limitRows(limits), changed: limitsChanged, breach: breach?.detail ?? null };
}

/** Real money: whoever changes what bounds it names the account. */
function assertConfirmed(accountNumber: string | null, confirm: string | undefined): void {
  if (accountNumber !== null && confirm === accountNumber) return;
  const given = confirm === undefined ? 'Nothing was given' : `"${confirm}" is not its number`;
  const remedy =
    accountNumber === null
      ? 'The account has not been read yet; wait for the connection.'
      : 'Repeat the account number in confirm.';
  throw new DeskError('CONFIRMATION_REQUIRED', `The limits of a LIVE account: ${given}. ${remedy}`);
}
