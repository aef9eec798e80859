// The budget day: a calendar day in the operator's time zone.

export interface BudgetDay {
  /** ISO date. */
  readonly day: string;
  readonly startAt: number;
  readonly endAt: number;
}

/** Finds the day that contains `now`. Days with a clock change are 23 or 25 hours long. Throws RangeError for an unknown zone. */
export function budgetDay(now: number, timeZone: string): BudgetDay {
  const day = isoDate(now, timeZone);
  const startAt = firstInstant(day, now, timeZone);
  const nextDay = isoDate(startAt + 36 * 3_600_000, timeZone);
  return { day, startAt, endAt: firstInstant(nextDay, startAt + 36 * 3_600_000, timeZone) };
}

function isoDate(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** Bisects for the first millisecond of `day`; `within` lies inside it. */
function firstInstant(day: string, within: number, timeZone: string): number {
  let before = within - 26 * 3_600_000;
  let inside = within;
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2);
    if (isoDate(middle, timeZone) === day) inside = middle;
    else before = middle;
  }
  return inside;
}
