// The demo market's calendar: every weekday is a session of regular hours; there are no holidays.
import { BrokerRefusal } from './broker-refusal.ts';
import { DAY_S, dayStartMs } from './session-day.ts';

const DAY_MS = DAY_S * 1_000;
const MAX_DAYS = 3_700;

/** Lists the sessions from one date to another, both included; a month from today when nothing is asked. */
export function listCalendar(start: string | undefined, end: string | undefined, nowMs: number) {
  const firstMs = start === undefined ? dayStartMs(nowMs) : parseDate('start', start);
  const lastMs = end === undefined ? firstMs + 31 * DAY_MS : parseDate('end', end);
  if (lastMs - firstMs > MAX_DAYS * DAY_MS) {
    throw new BrokerRefusal(400, 40010000, `the calendar spans more than ${MAX_DAYS} days; ask for fewer`);
  }
  const days = [];
  for (let dayMs = firstMs; dayMs <= lastMs; dayMs += DAY_MS) {
    if (!isWeekday(dayMs)) continue;
    days.push({
      date: dateText(dayMs),
      open: '09:30',
      close: '16:00',
      session_open: '0400',
      session_close: '2000',
      settlement_date: dateText(nextWeekday(dayMs)),
    });
  }
  return days;
}

function isWeekday(dayMs: number): boolean {
  const day = new Date(dayMs).getUTCDay();
  return day !== 0 && day !== 6;
}

function nextWeekday(dayMs: number): number {
  let next = dayMs + DAY_MS;
  while (!isWeekday(next)) next += DAY_MS;
  return next;
}

function dateText(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10);
}

function parseDate(field: string, text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs))
    throw new BrokerRefusal(400, 40010000, `invalid ${field}: ${text}; send YYYY-MM-DD`);
  return dayStartMs(atMs);
}
