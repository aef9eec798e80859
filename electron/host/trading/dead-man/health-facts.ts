// What the host must have seen with its own eyes for its lease to be renewed: each fact with its age and its bound.
import type { HealthFact } from '../../../contract/dead-man.ts';
import type { TradingVitals } from '../trading.ts';

/** The looks come every 250 ms; one that is later than this was kept waiting by the event loop. */
const loopLateBoundMs = 1_500;
const journalBoundMs = 3_000;
/** A watchdog that has given no sign for longer is not waited for. */
export const watchdogBoundMs = 2_000;
/** Polled every second, every three and every thirty. */
const clockBoundMs = 5_000;
const accountBoundMs = 15_000;
const reconciliationBoundMs = 90_000;

export interface HealthReadings {
  /** How late this look is. */
  readonly loopLateMs: number;
  /** Age of the newest write that the journal has acknowledged; null before the first. */
  readonly journalAgeMs: number | null;
  /** Age of the watchdog thread's last sign; null before the first. */
  readonly watchdogAgeMs: number | null;
  /** Null while the desk is not connected to a broker. */
  readonly trading: TradingVitals | null;
  readonly now: number;
}

/** Lists every fact, in a fixed order. A fact that was never seen is not confirmed. */
export function healthFacts({
  loopLateMs,
  journalAgeMs,
  watchdogAgeMs,
  trading,
  now,
}: HealthReadings): HealthFact[] {
  const since = (at: number | null | undefined): number | null => (at == null ? null : Math.max(0, now - at));
  return [
    aged('event loop', 'looked', loopLateMs, loopLateBoundMs, 'late'),
    aged('journal', 'acknowledged', journalAgeMs, journalBoundMs),
    orderStream(trading),
    aged('market clock', 'read from the broker', since(trading?.clockReadAt), clockBoundMs),
    aged('account', 'read from the broker', since(trading?.accountReadAt), accountBoundMs),
    reconciliation(trading, since),
    aged('watchdog', 'answered', watchdogAgeMs, watchdogBoundMs),
  ];
}

/** One sentence a fact that is not confirmed. */
export function faultsOf(facts: readonly HealthFact[]): string[] {
  return facts.filter(({ ok }) => !ok).map(({ name, detail }) => `${name} ${detail}`);
}

function aged(
  name: string,
  verb: string,
  ageMs: number | null,
  boundMs: number,
  when: 'ago' | 'late' = 'ago',
): HealthFact {
  if (ageMs === null) return { name, ok: false, detail: `not ${verb} yet`, ageMs, boundMs };
  const ok = ageMs <= boundMs;
  const detail = `${verb} ${seconds(ageMs)} ${when}${ok ? '' : `, bound ${seconds(boundMs)}`}`;
  return { name, ok, detail, ageMs: Math.round(ageMs), boundMs };
}

function orderStream(trading: TradingVitals | null): HealthFact {
  const ok = trading?.streamReady === true;
  const detail = ok ? 'authenticated' : trading ? 'not authenticated' : 'not connected to a broker';
  return { name: 'order stream', ok, detail, ageMs: null, boundMs: null };
}

/** A connection that is younger than the bound has had no time to be late. */
function reconciliation(
  trading: TradingVitals | null,
  since: (at: number | null | undefined) => number | null,
): HealthFact {
  const isFirst = trading !== null && trading.reconciledAt === null;
  const at = trading?.reconciledAt ?? trading?.connectedAt;
  const verb = isFirst ? 'waits for its first agreement, connected' : 'agreed';
  return aged('reconciliation', verb, since(at), reconciliationBoundMs);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
