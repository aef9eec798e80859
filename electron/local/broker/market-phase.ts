// The hours of a market's day, from what its clock says: the session, and trading before and after it.
import type { ExchangeClock } from './exchange.ts';
import { newYorkMidnightMs, newYorkMinute } from './session-day.ts';

export type MarketPhase = 'pre' | 'core' | 'post' | 'closed';

const HOUR_MS = 3_600_000;
/** Sessions that close before this minute close early, and so do the hours after them. */
const USUAL_CLOSE = 16 * 60;

/** Names the phase that the clock is in. */
export function phaseOf({ isOpen, extendedUntilMs, nextOpenMs }: ExchangeClock): MarketPhase {
  if (isOpen) return 'core';
  if (extendedUntilMs == null) return 'closed';
  return extendedUntilMs === nextOpenMs ? 'pre' : 'post';
}

/** Tells whether an order can trade now: in the session, or around it where the order asks for that. */
export function tradesNow(extendedHours: boolean, { isOpen, extendedUntilMs }: ExchangeClock): boolean {
  return isOpen || (extendedHours && extendedUntilMs != null);
}

/** When hours begin or end next; in a market without extended hours also when they would. Null at the end of a replay. */
export function nextBoundaryMs(clock: ExchangeClock): number | null {
  const { isOpen, extendedUntilMs, nextOpenMs, nextCloseMs, nowMs } = clock;
  if (isOpen) return nextCloseMs;
  if (extendedUntilMs != null) return extendedUntilMs;
  if (nextOpenMs === null) return null;
  const morningMs = morningStartMs(nextOpenMs);
  return nowMs < morningMs ? morningMs : nextOpenMs;
}

/** When trading begins before a session that opens at this time. */
export function morningStartMs(openMs: number): number {
  return newYorkMidnightMs(openMs) + 4 * HOUR_MS;
}

/** When trading ends after a session that closes at this time. */
export function eveningEndMs(closeMs: number): number {
  const isEarly = newYorkMinute(closeMs) < USUAL_CLOSE;
  return newYorkMidnightMs(closeMs) + (isEarly ? 17 : 20) * HOUR_MS;
}
