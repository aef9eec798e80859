// When an order may be sent, and when a day order ends. Hours are those of New York.
import { notProcessable } from './broker-refusal.ts';
import type { Exchange } from './exchange.ts';
import { eveningEndMs, phaseOf } from './market-phase.ts';
import type { OrderRequest } from './parse-order-request.ts';
import { newYorkMinute, newYorkMidnightMs } from './session-day.ts';

const at = (hour: number, minute: number) => hour * 60 + minute;
/** Orders for an auction that is too close, or that has just been, are not taken until the evening. */
const UNTIL = at(19, 0);
const OPENING_FROM = at(9, 28);
const CLOSING_MINUTES = 10;

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

/** When an order ends unfilled: a day order at the close of the running or next session, or of the hours after it. */
export function expiryOf(
  { timeInForce, extendedHours }: Pick<OrderRequest, 'timeInForce' | 'extendedHours'>,
  exchange: Exchange,
): number | null {
  if (timeInForce !== 'day') return null;
  const clock = exchange.clock();
  const { nextCloseMs, extendedUntilMs } = clock;
  if (!extendedHours || nextCloseMs === null) return nextCloseMs;
  if (phaseOf(clock) === 'post' && extendedUntilMs != null) return extendedUntilMs;
  return eveningEndMs(nextCloseMs);
}

function isWeekend(atMs: number): boolean {
  const day = new Date(newYorkMidnightMs(atMs)).getUTCDay();
  return day === 0 || day === 6;
}
