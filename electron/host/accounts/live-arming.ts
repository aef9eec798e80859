// Arms LIVE and lets it lapse. What is recorded is journalled with its time; whatever is not certain counts as not armed.
import { createHash } from 'node:crypto';
import type { armLive } from '../../contract/account.ts';
import type { OutputOf, ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { armedUntil, liveIdleMs } from '../../contract/live-arming.ts';
import type { Limits } from '../../contract/limits.ts';
import type { Actor } from '../../contract/names.ts';
import { findOperation } from '../../contract/operations.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

const watchMs = 10_000;
const attendMs = 60_000;
const noticeId = 'live-disarmed';

export interface LiveArming {
  /** False where LIVE is not armed for the limits in force: new risk is refused, reductions pass. DEMO and PAPER may always. */
  mayOpen(): boolean;
  /** Throws LIVE_NOT_ARMED. */
  assertMayOpen(): void;
  /** Null unless LIVE is armed for the limits in force. */
  armed(): OutputOf<typeof armLive> | null;
  /** Names the limits in force. */
  limitsKey(): string;
  /** Rejects with LIVE_NOT_IN_USE, ACCOUNT_NUMBER_WRONG, LIMITS_CHANGED, KILL_LATCHED or JOURNAL_FAILED. */
  arm(input: ParsedInputOf<typeof armLive>, actor: Actor): Promise<OutputOf<typeof armLive>>;
  /** False when it was not armed. */
  disarm(actor: Actor, reason: string): boolean;
  /** Counts a call as the operator's presence, unless it only reads. */
  attend(operation: string, actor: Actor): void;
  close(): void;
}

export interface LiveArmingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: () => Limits;
}

/** Creates the arming over what the journal tells; it lapses by itself until `close`. */
export function createLiveArming({ store, clock, limits }: LiveArmingParts): LiveArming {
  const timer = setInterval(lapse, watchMs);

  function limitsKey(): string {
    return createHash('sha256').update(JSON.stringify(limits())).digest('hex').slice(0, 12);
  }

  function armed(): OutputOf<typeof armLive> | null {
    const { live } = store.state();
    const until = armedUntil(store.state(), clock.now());
    return live && until !== null && live.limitsKey === limitsKey() ? { since: live.since, until } : null;
  }

  function mayOpen(): boolean {
    return store.state().mode !== 'live' || armed() !== null;
  }

  function lapse(): void {
    const { live } = store.state();
    if (!live || armed()) return;
    const reason =
      live.limitsKey === limitsKey()
        ? `nobody acted for ${liveIdleMs / 3_600_000} h, or the clock was set back`
        : 'the limits are not those that it was armed for';
    disarm('host', reason);
    store.commit({
      kind: 'NoticeRaised',
      at: clock.now(),
      noticeId,
      severity: 'warning',
      title: 'LIVE is no longer armed',
      detail: `Opening orders are refused since ${reason}. Positions are kept; closing and cancelling still pass.`,
    });
  }

  function disarm(actor: Actor, reason: string): boolean {
    if (!store.state().live) return false;
    store.commit({ kind: 'LiveDisarmed', at: clock.now(), actor, reason });
    return true;
  }

  function assertArmable({ accountNumber, limits: shown }: ParsedInputOf<typeof armLive>): void {
    const state = store.state();
    if (state.mode !== 'live')
      throw new DeskError(
        'LIVE_NOT_IN_USE',
        `${state.mode.toUpperCase()} needs no arming. Use the LIVE account first.`,
      );
    if (state.entries.kind === 'latched')
      throw new DeskError('KILL_LATCHED', 'The kill switch is latched. Re-arm it with a reason first.');
    if (accountNumber !== state.accountNumber)
      throw new DeskError(
        'ACCOUNT_NUMBER_WRONG',
        `${accountNumber} is not the number of the LIVE account in use. Compare it with the broker's; LIVE was not armed.`,
      );
    if (shown !== limitsKey())
      throw new DeskError(
        'LIMITS_CHANGED',
        'The limits in force are not those that were shown. Look at them again, then arm.',
      );
  }

  return {
    mayOpen,
    armed,
    limitsKey,
    disarm,
    assertMayOpen() {
      if (mayOpen()) return;
      throw new DeskError(
        'LIVE_NOT_ARMED',
        'LIVE is not armed, so nothing may be opened. Arm it with the account number in the window, or with: neural-trader account-arm',
      );
    },
    async arm(input, actor) {
      assertArmable(input);
      const { accountNumber, limits: shown } = input;
      await store.commitDurable({
        kind: 'LiveArmed',
        at: clock.now(),
        actor,
        accountNumber,
        limitsKey: shown,
      });
      store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
      const now = armed();
      if (!now) throw new DeskError('LIMITS_CHANGED', 'The limits changed while LIVE was armed. Arm again.');
      return now;
    },
    attend(name, actor) {
      const { live } = store.state();
      const operation = findOperation(name);
      if (!live || actor === 'host' || !operation || operation.effect === 'reads' || !armed()) return;
      if (clock.now() - live.attendedAt < attendMs) return;
      store.commit({ kind: 'LiveAttended', at: clock.now(), actor });
    },
    close: () => clearInterval(timer),
  };
}
