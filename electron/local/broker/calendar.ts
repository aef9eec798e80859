// The market's calendar, in the two forms that clients ask for: the sessions of the US stock market with its holidays
// and early closes.
import { BrokerRefusal, notFound } from './broker-refusal.ts';
import { eveningEndMs, morningStartMs } from './market-phase.ts';
import { isoTime } from './order-wire.ts';
import { DAY_S, dayStartMs, newYorkMinute } from './session-day.ts';

const DAY_MS = DAY_S * 1_000;
const MAX_DAYS = 7_300;
const DEFAULT_DAYS = 366;
/** Weekends and holidays never keep the market shut for longer. */
const LONGEST_GAP_MS = 7 * DAY_MS;
const EARLY_CLOSE = 13 * 60;

/** Regular hours of one session. */
export interface TradingSession {
  readonly openMs: number;
  readonly closeMs: number;
}

/** Lists the sessions that open within [startMs, endMs]. */
export type ListSessions = (startMs: number, endMs: number) => readonly TradingSession[];

export interface CalendarQuery {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

interface SettledSession extends TradingSession {
  readonly date: string;
  readonly settlementDate: string;
}

/** Writes the sessions of /v2/calendar from one date to another, both included; a year from today when nothing is asked. */
export function calendarToWire(listSessions: ListSessions, query: CalendarQuery, nowMs: number) {
  return settledSessions(listSessions, query, nowMs).map(({ date, settlementDate, openMs, closeMs }) => ({
    date,
    open: newYorkTime(openMs),
    close: newYorkTime(closeMs),
    session_open: '0400',
    session_close: isEarly(closeMs) ? '1700' : '2000',
    settlement_date: settlementDate,
  }));
}

/** Writes the sessions of /v3/calendar; the markets that there are keep the same hours. */
export function marketCalendarToWire(
  market: string,
  listSessions: ListSessions,
  query: CalendarQuery,
  nowMs: number,
) {
  const name = marketNames.get(market.toUpperCase());
  if (!name) throw notFound(`there is no calendar of the market ${market}; ask for NYSE or NASDAQ`);
  return {
    market: { acronym: market.toUpperCase(), name, timezone: 'America/New_York' },
    calendar: settledSessions(listSessions, query, nowMs).map(
      ({ date, settlementDate, openMs, closeMs }) => ({
        date,
        pre_start: isoTime(morningStartMs(openMs)),
        pre_end: isoTime(openMs),
        core_start: isoTime(openMs),
        core_end: isoTime(closeMs),
        post_start: isoTime(closeMs),
        post_end: isoTime(eveningEndMs(closeMs)),
        settlement_date: settlementDate,
      }),
    ),
  };
}

const marketNames = new Map([
  ['NYSE', 'New York Stock Exchange, as the demo market keeps it'],
  ['XNYS', 'New York Stock Exchange, as the demo market keeps it'],
  ['NASDAQ', 'Nasdaq, as the demo market keeps it'],
  ['XNAS', 'Nasdaq, as the demo market keeps it'],
]);

/** Each settles when the next one opens. */
function settledSessions(
  listSessions: ListSessions,
  { start, end }: CalendarQuery,
  nowMs: number,
): SettledSession[] {
  const firstMs = start === undefined ? dayStartMs(nowMs) : parseDate('start', start);
  const lastMs = end === undefined ? firstMs + DEFAULT_DAYS * DAY_MS : parseDate('end', end);
  if (lastMs - firstMs > MAX_DAYS * DAY_MS) {
    throw new BrokerRefusal(400, 40010000, `the calendar spans more than ${MAX_DAYS} days; ask for fewer`);
  }
  const sessions = listSessions(firstMs, lastMs + DAY_MS + LONGEST_GAP_MS);
  return sessions.flatMap((session, index) => {
    const next = sessions[index + 1];
    if (!next || session.openMs >= lastMs + DAY_MS) return [];
    return { ...session, date: dateOf(session.openMs), settlementDate: dateOf(next.openMs) };
  });
}

function isEarly(closeMs: number): boolean {
  return newYorkMinute(closeMs) === EARLY_CLOSE;
}

/** An opening falls on the same date in New York and in UTC. */
function dateOf(openMs: number): string {
  return isoTime(openMs).slice(0, 10);
}

function newYorkTime(atMs: number): string {
  const minute = newYorkMinute(atMs);
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${digits(Math.floor(minute / 60))}:${digits(minute % 60)}`;
}

function parseDate(field: string, text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs))
    throw new BrokerRefusal(400, 40010000, `invalid ${field}: ${text}; send YYYY-MM-DD`);
  return dayStartMs(atMs);
}
