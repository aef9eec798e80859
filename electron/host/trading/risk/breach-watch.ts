// Puts the desk to reducing when the account has lost what it may. It stays there until somebody unblocks entries.
import { DeskError } from '../../../contract/errors.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { GateContext } from './gate-context.ts';
import type { Denial } from './risk-gate.ts';

const lossCodes: readonly string[] = ['DAILY_LOSS', 'DRAWDOWN'];

export interface BreachWatch {
  /** Looks at the account as it was last read. */
  look(): void;
  /** Throws LIMIT_BREACHED while the account is beyond a limit of losses. */
  assertNoBreach(): void;
}

/** Creates the watch. */
export function createBreachWatch(store: Store, clock: Clock, gate: GateContext): BreachWatch {
  /** Only what is known to be lost is a breach; what is not known the gate refuses order by order. */
  function breach(): Denial | null {
    const denial = gate.checkLosses();
    const isLoss = denial !== null && lossCodes.includes(denial.code) && denial.value !== null;
    return isLoss ? denial : null;
  }

  return {
    look() {
      const found = breach();
      if (!found || store.state().breach?.code === found.code) return;
      const at = clock.now();
      const { code, value, limit, detail } = found;
      store.commit({ kind: 'LimitBreached', at, code, value, limit, detail });
      store.commit({
        kind: 'NoticeRaised',
        at,
        noticeId: `breach-${code}`,
        severity: 'critical',
        title: 'Positions only shrink: a limit of losses is reached',
        detail,
      });
    },
    assertNoBreach() {
      const found = breach();
      if (!found) return;
      throw new DeskError('LIMIT_BREACHED', `Entries stay blocked: ${found.detail} Then unblock again.`, {
        code: found.code,
        value: found.value,
        limit: found.limit,
      });
    },
  };
}
