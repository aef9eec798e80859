// What every question about past market data says: from when, until when, how many, from which feed.
import { z } from 'zod';
import { badRequest } from './broker-refusal.ts';
import { DAY_S, dayStartMs } from './session-day.ts';

const MAX_LIMIT = 10_000;

export const HistoryQuery = z.object({
  feed: z.enum(['iex', 'sip', 'otc', 'boats']).default('sip'),
  currency: z.literal('USD').optional(),
  start: z.string().optional(),
  end: z.string().optional(),
  /** Over all symbols together. */
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(1_000),
  asof: z.string().optional(),
  page_token: z.string().optional(),
  sort: z.enum(['asc', 'desc']).default('asc'),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** Tells whether a feed has anything to tell: the one venue is read through `iex` and `sip`, and there is no other. */
export function hasHistory({ feed }: Pick<HistoryQuery, 'feed'>): boolean {
  return feed === 'iex' || feed === 'sip';
}

/** The window asked for, both ends included: the day so far where nothing is said. Throws a 400 refusal. */
export function parseWindow(
  { start, end }: Pick<HistoryQuery, 'start' | 'end'>,
  nowMs: number,
): { startMs: number; endMs: number } {
  const startMs = start === undefined ? dayStartMs(nowMs) : parseTime('start', start);
  const endMs = end === undefined ? nowMs : parseTime('end', end, DAY_S * 1_000 - 1);
  if (end !== undefined && endMs < startMs) throw badRequest('end should not be before start');
  return { startMs, endMs };
}

// A date without a time means its start; as the end of a query it means the whole day.
function parseTime(field: string, text: string, wholeDayMs = 0): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw badRequest(`invalid ${field}: ${text}; send RFC-3339 or YYYY-MM-DD`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? atMs + wholeDayMs : atMs;
}
