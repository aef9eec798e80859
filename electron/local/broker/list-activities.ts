// Answers GET /v2/account/activities. Fills are the only activities a demo account has.
import { z } from 'zod';
import type { AccountBook, Execution } from './account-book.ts';
import { activityId, isoTime } from './order-wire.ts';

export const ActivityQuery = z.object({
  activity_types: z.string().optional(),
  category: z.string().optional(),
  date: z.string().optional(),
  after: z.string().optional(),
  until: z.string().optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
  page_size: z.coerce.number().int().min(1).max(100).default(100),
  /** The id of the last activity of the page before. */
  page_token: z.string().optional(),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** Lists one page of executions, newest first unless asked otherwise. */
export function listActivities(book: AccountBook, query: ActivityQuery): readonly Execution[] {
  if (query.activity_types !== undefined && !query.activity_types.split(',').includes('FILL')) return [];
  if (query.category === 'non_trade_activity') return [];
  const after = query.after === undefined ? -Infinity : Date.parse(query.after);
  const until = query.until === undefined ? Infinity : Date.parse(query.until);
  const day = query.date?.slice(0, 10);
  const matching = book
    .executions()
    .filter(
      ({ atMs }) => atMs > after && atMs < until && (day === undefined || isoTime(atMs).startsWith(day)),
    );
  if (query.direction === 'desc') matching.reverse();
  const before = query.page_token;
  const start = before === undefined ? 0 : matching.findIndex((entry) => activityId(entry) === before) + 1;
  if (before !== undefined && start === 0) return [];
  return matching.slice(start, start + query.page_size);
}
