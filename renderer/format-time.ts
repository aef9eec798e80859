// Times of day: 24 hours, and a zone wherever the surroundings do not name one.
import { unknown } from './format.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { hourCycle: 'h23', ...options });
  formats.set(key, made);
  return made;
}

const toSecond = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const toMinute = { hour: '2-digit', minute: '2-digit' } as const;

/** "14:11:02", in the given zone or the local one; for places whose heading names the zone. */
export function timeOfDay(at: number | null | undefined, timeZone?: string): string {
  if (at === null || at === undefined) return unknown;
  return formatOf(`s ${timeZone ?? ''}`, { ...toSecond, ...zone(timeZone) }).format(at);
}

/** "14:11:02.123", for steps that follow one another within a second. */
export function preciseTime(at: number): string {
  return formatOf('ms', { ...toSecond, fractionalSecondDigits: 3 }).format(at);
}

/** "14:11:02" today, "2 Mar 14:11" on another day. */
export function timeOrDay(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  if (isToday) return timeOfDay(at);
  return `${formatOf('d', { day: 'numeric', month: 'short' }).format(at)} ${minuteOfDay(at)}`;
}

/** "14:11". */
export function minuteOfDay(at: number, timeZone?: string): string {
  return formatOf(`m ${timeZone ?? ''}`, { ...toMinute, ...zone(timeZone) }).format(at);
}

/** "14:11:02 UTC". */
export function timeWithZone(at: number, timeZone?: string): string {
  return formatOf(`z ${timeZone ?? ''}`, { ...toSecond, timeZoneName: 'short', ...zone(timeZone) }).format(
    at,
  );
}

/** The window's own zone, for example "Europe/Berlin". */
export const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function zone(timeZone: string | undefined): Intl.DateTimeFormatOptions {
  return timeZone === undefined ? {} : { timeZone };
}
