// Answers queries for bars: parses the timeframe and walks symbols and time in pages.
import { z } from 'zod';
import { badRequest } from './broker-refusal.ts';
import type { ExchangeBar } from './exchange.ts';
import { hasHistory, HistoryQuery, parseWindow } from './history-query.ts';
import type { BarWindow, MarketView } from './market-view.ts';
import { mergePeriods, type Period } from './merge-bars.ts';
import { DAY_S } from './session-day.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
/** Descending pages are cut from the end, so the whole window is read. */
const WHOLE_WINDOW = 1_000_000;

export const BarQuery = HistoryQuery.extend({
  timeframe: z.string(),
  /** Accepted as it is sent: nothing in this market was ever split or paid a dividend. */
  adjustment: z
    .string()
    .regex(/^(raw|split|dividend|spin-off|all)(,(raw|split|dividend|spin-off|all))*$/)
    .default('raw'),
});
export type BarQuery = z.infer<typeof BarQuery>;

export interface BarPage {
  readonly bars: Readonly<Record<string, readonly ExchangeBar[]>>;
  readonly nextPageToken: string | null;
}

/** Where a page begins: this symbol, from this time on (or back from it when sorted descending). */
const PageToken = z.object({ symbol: z.string(), atMs: z.int() });

/** Months that divide a year. */
const monthCounts = [1, 2, 3, 4, 6, 12];

/** Seconds of a timeframe such as "5Min", "2Hour" or "1Day", or its weeks or months; throws a 400 refusal for any other. */
export function parseTimeframe(timeframe: string): number | Period {
  const match = /^(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/.exec(timeframe);
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
    case 'Week':
    case 'W':
      if (count === 1) return { unit: 'week', count };
      break;
    case 'Month':
    case 'M':
      if (monthCounts.includes(count)) return { unit: 'month', count };
  }
  throw badRequest(
    `invalid timeframe: ${timeframe}; send 1Min to 59Min, 1Hour to 23Hour, 1Day, 1Week, or 1, 2, 3, 4, 6 or 12Month`,
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
  const timeframe = parseTimeframe(query.timeframe);
  const { startMs, endMs } = parseWindow(query, view.nowMs());
  const from = query.page_token === undefined ? null : parsePageToken(query.page_token);
  const descending = query.sort === 'desc';
  const wanted = [...new Set(symbols)].sort().filter((symbol) => hasHistory(query) && view.find(symbol));
  const bars: Record<string, ExchangeBar[]> = {};
  let room = query.limit;
  for (const symbol of wanted) {
    if (from && symbol < from.symbol) continue;
    const resumeMs = from?.symbol === symbol ? from.atMs : null;
    const window = descending
      ? { startMs, endMs: resumeMs ?? endMs, limit: WHOLE_WINDOW }
      : { startMs: resumeMs ?? startMs, endMs, limit: room + 1 };
    const found = findBars(view, symbol, timeframe, window);
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

function findBars(
  view: MarketView,
  symbol: string,
  timeframe: number | Period,
  window: Omit<BarWindow, 'barS'>,
): ExchangeBar[] {
  if (typeof timeframe === 'number') return [...view.bars(symbol, { ...window, barS: timeframe })];
  // A period belongs to the window that its start falls in, and is then whole.
  const { startMs, endMs, limit } = window;
  const days = view.bars(symbol, { barS: DAY_S, startMs, endMs: view.nowMs(), limit: WHOLE_WINDOW });
  return mergePeriods(days, timeframe)
    .filter(({ atMs }) => atMs >= startMs && atMs <= endMs)
    .slice(0, limit);
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
