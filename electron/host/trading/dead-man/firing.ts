// One firing of the dead-man lease: blocks entries, cancels what rests, and records what the broker confirmed, and when.
import type { FiringOutcome } from '../../../contract/dead-man-events.ts';
import type { DeadManFiring } from '../../../contract/dead-man.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { Trading } from '../trading.ts';
import { type Cancellation, cancelResting } from './cancel-resting.ts';
import type { WatchdogReport } from './watchdog-messages.ts';

export interface FiringParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trading: Pick<Trading, 'killBroker' | 'reconcile'>;
  readonly pause: (ms: number) => Promise<void>;
}

export interface FiringNow {
  readonly firing: Omit<DeadManFiring, 'outcome'>;
  /** Milliseconds since the lease ran out. */
  readonly overdueMs: () => number;
  /** False once the operator has taken over, or the account is let go of. */
  readonly goOn: () => boolean;
  /** Resolves with what the watchdog thread achieved; null where it does not answer. */
  readonly watchdog: () => Promise<WatchdogReport | null>;
}

/** Puts the firing on record: from here on entries are blocked. */
export function recordFiring({ store }: FiringParts, firing: FiringNow['firing']): void {
  store.commit({ kind: 'DeadManFired', ...firing, reasons: [...firing.reasons] });
  tell(store, firing, 'Resting orders are being cancelled.');
}

/**
 * Cancels what rests, beside the watchdog, until the broker and the desk's own record agree that nothing is open.
 * Never rejects; puts the outcome on record and a first failure too.
 */
export async function settleFiring(parts: FiringParts, now: FiringNow): Promise<FiringOutcome> {
  const { store, clock, trading, pause } = parts;
  let complained = false;
  const own = await cancelResting({
    broker: trading.killBroker,
    goOn: now.goOn,
    pause,
    settled: () => isSettled(parts),
    onFailure(failure) {
      if (complained) return;
      complained = true;
      record({ orders: [], confirmed: false, by: null, tookMs: null, failure });
    },
  });
  const ownMs = now.overdueMs();
  const outcome = judge(own, ownMs, await now.watchdog());
  record(outcome);
  await trading.reconcile();
  return outcome;

  function record(found: FiringOutcome): void {
    const { firingId } = now.firing;
    store.commit({ kind: 'DeadManCancelled', at: clock.now(), firingId, ...found });
    tell(store, { ...now.firing, at: clock.now() }, describe(found));
  }
}

/** The broker may yet take in what it does not list: the desk must know the end of every order of its own. */
async function isSettled({ store, trading }: FiringParts): Promise<boolean> {
  const quiet = (): boolean => Object.values(store.state().orders).every(isFinal);
  if (quiet()) return true;
  await trading.reconcile();
  return quiet();
}

/** The watchdog's confirmation counts where the host found no order beyond those that it had seen. */
function judge(own: Cancellation, ownMs: number, watchdog: WatchdogReport | null): FiringOutcome {
  const seen = new Set(watchdog?.orders.map(({ brokerOrderId }) => brokerOrderId));
  const more = own.orders.filter(({ brokerOrderId }) => !seen.has(brokerOrderId));
  const orders = [...(watchdog?.orders ?? []), ...more];
  const { confirmed, failure } = own;
  if (!confirmed) return { orders, confirmed, by: null, tookMs: null, failure };
  const wasFirst = watchdog?.confirmed === true && more.length === 0 && watchdog.tookMs <= ownMs;
  return {
    orders,
    confirmed,
    by: wasFirst ? 'watchdog' : 'host',
    tookMs: Math.round(wasFirst ? watchdog.tookMs : ownMs),
    failure,
  };
}

function describe({ orders, confirmed, tookMs, failure }: FiringOutcome): string {
  const listed = orders.map(({ label, status }) => `${label}: ${status}`).join(', ');
  if (!confirmed)
    return `The broker has not confirmed that nothing is open: ${failure ?? 'no answer'}. ${listed}`.trim();
  const what = orders.length === 0 ? 'No order rested' : listed;
  return `${what}. Confirmed by the broker ${((tookMs ?? 0) / 1_000).toFixed(1)} s after the lease ran out. Entries stay blocked until you unblock.`;
}

function tell(store: Store, { at, drill, reasons }: FiringNow['firing'], outcome: string): void {
  store.commit({
    kind: 'NoticeRaised',
    at,
    noticeId: drill ? 'dead-man-drill' : 'dead-man',
    severity: drill ? 'info' : 'critical',
    title: drill ? 'DRILL: the dead-man lease ran out' : 'The dead-man lease ran out',
    detail: `${reasons.join('; ')}. ${outcome}`,
  });
}
