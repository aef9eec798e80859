// Answers queries for bars: parses the timeframe and walks symbols and time in pages.
import { z } from 'zod';
import { BrokerRefusal } from './broker-refusal.ts';
import type { ExchangeBar } from './exchange.ts';
import type { MarketView } from './market-view.ts';
import { DAY_S, dayStartMs } from './session-day.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const MAX_LIMIT = 10_000;
/** Descending pages are cut from the end, so the whole window is read. */
const WHOLE_WINDOW = 1_000_000;

export const BarQuery = z.object({
  timeframe: z.string(),
  start: z.string().optional(),
  end: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(1_000),
  page_token: z.string().optional(),
  sort: z.enum(['asc', 'desc']).default('asc'),
});
export type BarQuery = z.infer<typeof BarQuery>;

export interface BarPage {
  readonly bars: Readonly<Record<string, readonly ExchangeBar[]>>;
  readonly nextPageToken: string | null;
}

/** Where a page begins: this symbol, from this time on (or back from it when sorted descending). */
const PageToken = z.object({ symbol: z.string(), atMs: z.int() });

function badRequest(message: string): BrokerRefusal {
  return new BrokerRefusal(400, 40010000, message);
}

/** Seconds of a timeframe such as "5Min", "2Hour" or "1Day"; throws a 400 refusal for any other. */
export function timeframeSeconds(timeframe: string): number {
  const match = /^(\d{1,2})(Min|T|Hour|H|Day|D)$/.exec(timeframe);
  const count = Number(match?.[1]);
  switch (match?.[2]) {
    case 'Min':
    case 'T':
      if (count >= 1 && count <= 59) return count * MINUTE_S;
      break;
    case 'Hour':
    case 'H':
      if (count >= 1 && count <= 23) return count * HOUR_S;
      break;
    case 'Day':
    case 'D':
      if (count === 1) return DAY_S;
      break;
  }
  throw badRequest(
    `invalid timeframe: ${timeframe}; the demo market offers 1Min to 59Min, 1Hour to 23Hour and 1Day`,
  );
}

/** Names bars of a length in Alpaca's words; what it has no word for takes the next best, which is answered alike. */
export function timeframeOf(barS: number): string {
  if (barS >= DAY_S) return '1Day';
  if (barS >= HOUR_S) return `${Math.floor(barS / HOUR_S)}Hour`;
  return `${Math.max(Math.floor(barS / MINUTE_S), 1)}Min`;
}

/** Reads one page of bars for the symbols, which come in alphabetical order; unknown symbols have none. */
export function readBars(view: MarketView, symbols: readonly string[], query: BarQuery): BarPage {
  const barS = timeframeSeconds(query.timeframe);
  const startMs = query.start === undefined ? dayStartMs(view.nowMs()) : parseTime('start', query.start);
  const endMs = query.end === undefined ? view.nowMs() : parseTime('end', query.end, DAY_S * 1_000 - 1);
  const from = query.page_token === undefined ? null : parsePageToken(query.page_token);
  const descending = query.sort === 'desc';
  const wanted = [...new Set(symbols)].sort().filter((symbol) => view.find(symbol));
  const bars: Record<string, ExchangeBar[]> = {};
  let room = query.limit;
  for (const symbol of wanted) {
    if (from && symbol < from.symbol) continue;
    const resumeMs = from?.symbol === symbol ? from.atMs : null;
    const window = descending
      ? { barS, startMs, endMs: resumeMs ?? endMs, limit: WHOLE_WINDOW }
      : { barS, startMs: resumeMs ?? startMs, endMs, limit: room + 1 };
    const found = [...view.bars(symbol, window)];
    if (descending) found.reverse();
    const next = found[room];
    if (next) {
      if (room > 0) bars[symbol] = found.slice(0, room);
      return { bars, nextPageToken: writePageToken(symbol, next.atMs) };
    }
    if (found.length > 0) bars[symbol] = found;
    room -= found.length;
  }
  return { bars, nextPageToken: null };
}

// A date without a time means its start; as the end of a query it means the whole day.
function parseTime(field: string, text: string, wholeDayMs = 0): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw badRequest(`invalid ${field}: ${text}; send RFC-3339 or YYYY-MM-DD`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? atMs + wholeDayMs : atMs;
}

function writePageToken(symbol: string, atMs: number): string {
  return Buffer.from(JSON.stringify({ symbol, atMs })).toString('base64url');
}

function parsePageToken(token: string): z.infer<typeof PageToken> {
  try {
    return PageToken.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw badRequest(`invalid page_token: ${token}`);
  }
}
