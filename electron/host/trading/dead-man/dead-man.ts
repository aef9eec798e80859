// The dead-man lease between the host and its account: looked at four times a second, renewed while every fact of the host's
// health is confirmed. When it runs out, entries are blocked and what rests is cancelled, by the watchdog thread even where
// this loop hangs. It never allows entries again by itself.
import type { DeadManFiring, DeadManGauge, DeadManPhase, HealthFact } from '../../../contract/dead-man.ts';
import { DeskError } from '../../../contract/errors.ts';
import type { DeskState } from '../../../contract/state.ts';
import { faultsOf, healthFacts, watchdogBoundMs } from './health-facts.ts';
import { type FiringNow, type FiringParts, recordFiring, settleFiring } from './firing.ts';
import { createJournalProbe } from './journal-probe.ts';
import { createLease } from './lease.ts';
import type { ConnectedAccount, Trading } from '../trading.ts';
import type { StartWatchdog } from './watchdog.ts';
import type { WatchdogReport } from './watchdog-messages.ts';

const lookMs = 250;
/** For the report of a watchdog that gives signs, once the host has the broker's confirmation. */
const reportPatienceMs = 10_000;

export interface DeadMan {
  gauge(): DeadManGauge;
  /** Whether a lease covers new risk right now; false before the first confirmation too. */
  covers(): boolean;
  /** Throws DEAD_MAN_NOT_HELD where it has fired and the host's health is not confirmed again. */
  assertMayUnblock(): void;
  /** Takes the account that is being connected; its orders are the ones that are cancelled. */
  watch(account: ConnectedAccount): void;
  /** The account is let go of on purpose: there is no lease until the next one is confirmed. */
  standDown(): void;
  /** Withholds the renewals and resolves with the receipt. Rejects with DEAD_MAN_NOT_HELD, KILL_LATCHED, HOST_STOPPING. */
  drill(afterMs: number): Promise<DeadManFiring>;
  close(): Promise<void>;
}

export interface DeadManParts extends FiringParts {
  readonly trading: Pick<Trading, 'killBroker' | 'reconcile' | 'vitals'>;
  readonly journal: Parameters<typeof createJournalProbe>[0];
  readonly startWatchdog: StartWatchdog;
  /** Seconds. */
  readonly leaseS: () => number;
  /** New risk is covered from now on. */
  readonly onHeld: () => void;
}

interface Drill {
  readonly resolve: (receipt: DeadManFiring) => void;
  readonly reject: (error: DeskError) => void;
}

/** Starts the watchdog and the looks; the lease begins with the first full confirmation. */
export function createDeadMan(parts: DeadManParts): DeadMan {
  const { store, clock } = parts;
  const probe = createJournalProbe(parts.journal, clock);
  let stage: 'waiting' | 'running' | 'firing' | 'spent' = 'waiting';
  let facts: readonly HealthFact[] = [];
  let lookedAt = clock.monotonicMs();
  let drill: Drill | null = null;
  let takeReport: (report: WatchdogReport | null) => void = () => undefined;
  /** Counts accounts: what belongs to one that was let go of ends. */
  let era = 0;
  const watchdog = parts.startWatchdog({
    onFired: () => look(true),
    onFinished: (report) => takeReport(report),
  });
  const lease = createLease(clock, watchdog.setLease);
  const timer = setInterval(look, lookMs);

  function look(watchdogFired = false): void {
    const now = clock.monotonicMs();
    const loopLateMs = Math.max(0, now - lookedAt - lookMs);
    lookedAt = now;
    probe.ask();
    facts = healthFacts({
      loopLateMs,
      journalAgeMs: probe.ageMs(),
      watchdogAgeMs: watchdog.beatAgeMs(),
      trading: parts.trading.vitals(),
      now: clock.now(),
    });
    const leaseMs = parts.leaseS() * 1_000;
    if (stage === 'firing') return;
    if (stage !== 'running') return isHealthy() ? begin(leaseMs) : undefined;
    if (watchdogFired || lease.remainingMs() === 0) return fire();
    if (isHealthy() && !drill) lease.renew(leaseMs);
  }

  const isAlive = (): boolean => (watchdog.beatAgeMs() ?? Infinity) <= watchdogBoundMs;
  const isHealthy = (): boolean => facts.length > 0 && facts.every(({ ok }) => ok);

  function begin(leaseMs: number): void {
    const isFirst = stage === 'waiting';
    stage = 'running';
    lease.grant(leaseMs);
    if (isFirst) finishEarlier();
    parts.onHeld();
  }

  function fire(): void {
    stage = 'firing';
    const reasons = drill ? ['an operator withheld the renewals'] : faultsOf(facts);
    const at = clock.now();
    const firing = {
      firingId: `dead-man-${at.toString(36)}`,
      at,
      drill: drill !== null,
      leaseS: parts.leaseS(),
      reasons: reasons.length > 0 ? reasons : ['no confirmation in time'],
    };
    const reported = new Promise<WatchdogReport | null>((resolve) => {
      takeReport = resolve;
    });
    recordFiring(parts, firing);
    const mine = era;
    void settleFiring(parts, {
      firing,
      overdueMs: lease.overdueMs,
      goOn: () => mine === era && store.state().deadMan.blocking,
      watchdog: () =>
        isAlive()
          ? Promise.race([reported, parts.pause(reportPatienceMs).then(() => null)])
          : Promise.resolve(null),
    }).then((outcome) => {
      if (mine !== era) return;
      stage = 'spent';
      drill?.resolve({ ...firing, outcome });
      drill = null;
    });
  }

  /** A host that died in the middle of a firing left it without an outcome. */
  function finishEarlier(): void {
    const firing = unfinished(store.state());
    const mine = era;
    if (!firing) return;
    const now: FiringNow = {
      firing,
      overdueMs: () => Math.max(0, clock.now() - firing.at),
      goOn: () => mine === era && store.state().deadMan.blocking,
      watchdog: async () => null,
    };
    void settleFiring(parts, now);
  }

  function standDown(error: DeskError): void {
    era += 1;
    stage = 'waiting';
    lease.drop();
    watchdog.watch(null);
    drill?.reject(error);
    drill = null;
  }

  function phase(): DeadManPhase {
    if (stage === 'waiting') return 'waiting';
    if (stage !== 'running' || lease.remainingMs() === 0) return 'expired';
    return isHealthy() && !drill ? 'held' : 'lapsing';
  }

  function notHeld(): DeskError {
    const why = faultsOf(facts).join('; ') || 'it has not been confirmed yet';
    return new DeskError(
      'DEAD_MAN_NOT_HELD',
      `The host's health is not confirmed: ${why}. Wait until it is, then repeat; see: neural-trader deadman`,
    );
  }

  return {
    gauge: () => ({
      phase: phase(),
      leaseS: parts.leaseS(),
      remainingMs: lease.remainingMs(),
      drilling: drill !== null,
      facts: [...facts],
    }),
    covers: () => stage === 'running' && (lease.remainingMs() ?? 0) > 0,
    assertMayUnblock() {
      if (store.state().deadMan.blocking && !isHealthy()) throw notHeld();
    },
    watch: (account) => watchdog.watch(account),
    standDown: () =>
      standDown(new DeskError('DEAD_MAN_NOT_HELD', 'The account was let go of during the drill.')),
    drill(afterMs) {
      if (store.state().entries.kind === 'latched')
        throw new DeskError('KILL_LATCHED', 'The kill switch is latched. Re-arm it with a reason first.');
      if (phase() !== 'held') throw notHeld();
      lease.shorten(afterMs);
      return new Promise((resolve, reject) => {
        drill = { resolve, reject };
      });
    },
    close() {
      clearInterval(timer);
      standDown(new DeskError('HOST_STOPPING', 'The host stopped during the drill.'));
      return watchdog.close();
    },
  };
}

function unfinished({ deadMan }: DeskState): DeadManFiring | null {
  const { blocking, lastFiring, lastDrill } = deadMan;
  if (!blocking) return null;
  return [lastFiring, lastDrill].find((firing) => firing?.outcome === null) ?? null;
}
