// When an order may be sent, and when a day order ends. Hours are those of New York.
import { notProcessable } from './broker-refusal.ts';
import type { Exchange, ExchangeClock } from './exchange.ts';
import { eveningEndMs, phaseOf } from './market-phase.ts';
import type { OrderRequest } from './parse-order-request.ts';
import { newYorkMinute, newYorkMidnightMs } from './session-day.ts';

const at = (hour: number, minute: number) => hour * 60 + minute;
/** Orders for an auction that is too close, or that has just been, are not taken until the evening. */
const UNTIL = at(19, 0);
const OPENING_FROM = at(9, 28);
const CLOSING_MINUTES = 10;
const AGED_MINUTE = at(16, 15);
const DAY_MS = 86_400_000;

/** Refuses an order for an auction at the wrong hour. A replay has auctions at any hour: those of its bars. */
export function refuseWrongHour({ timeInForce }: OrderRequest, exchange: Exchange): void {
  if (timeInForce !== 'opg' && timeInForce !== 'cls') return;
  const { nowMs, isOpen, nextOpenMs, nextCloseMs } = exchange.clock();
  if (nextOpenMs === null || nextCloseMs === null || isWeekend(nowMs)) return;
  const close = isOpen ? newYorkMinute(nextCloseMs) : at(16, 0);
  const from = timeInForce === 'opg' ? OPENING_FROM : close - CLOSING_MINUTES;
  const minute = newYorkMinute(nowMs);
  if (minute < from || minute >= UNTIL) return;
  const text = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  throw notProcessable(
    `${timeInForce} orders are not accepted between ${text(from)} and ${text(UNTIL)} New York time`,
  );
}

/** Alpaca cancels what is good till canceled on the ninetieth day, at 16:15; a replay is one session and has no such day. */
function agedMs({ nowMs, nextOpenMs }: ExchangeClock): number | null {
  if (nextOpenMs === null) return null;
  // Noon of that day, whatever the clocks did in between.
  return newYorkMidnightMs(newYorkMidnightMs(nowMs) + 90.5 * DAY_MS) + AGED_MINUTE * 60_000;
}

/** When an order ends unfilled: one that is good till canceled after 90 days; a day order at the close of the running or next session, or of the hours after it. */
export function expiryOf(
  { timeInForce, extendedHours }: Pick<OrderRequest, 'timeInForce' | 'extendedHours'>,
  exchange: Exchange,
): number | null {
  const clock = exchange.clock();
  if (timeInForce === 'gtc') return agedMs(clock);
  if (timeInForce !== 'day') return null;
  const { nextCloseMs, extendedUntilMs } = clock;
  if (!extendedHours || nextCloseMs === null) return nextCloseMs;
  if (phaseOf(clock) === 'post' && extendedUntilMs != null) return extendedUntilMs;
  return eveningEndMs(nextCloseMs);
}

function isWeekend(atMs: number): boolean {
  const day = new Date(newYorkMidnightMs(atMs)).getUTCDay();
  return day === 0 || day === 6;
}
