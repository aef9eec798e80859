// The day a market time belongs to. A regular US session never crosses midnight UTC, so UTC tells days apart.

export const DAY_S = 86_400;
const DAY_MS = DAY_S * 1_000;
const HOUR_MS = 3_600_000;

const newYorkHour = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hour: 'numeric',
  hourCycle: 'h23',
});

/** Midnight UTC before or at this time. */
export function dayStartMs(atMs: number): number {
  return atMs - (atMs % DAY_MS);
}

/** Midnight in New York before or at this time: the stamp of a session's daily bar. */
export function newYorkMidnightMs(atMs: number): number {
  return atMs - (atMs % HOUR_MS) - Number(newYorkHour.format(atMs)) * HOUR_MS;
}

/** Minutes since midnight in New York. */
export function newYorkMinute(atMs: number): number {
  return Math.floor((atMs - newYorkMidnightMs(atMs)) / 60_000);
}
