// Answers the questions about account activities: fills, and the fees that some of them cost.
import { z } from 'zod';
import type { AccountBook } from './account-book.ts';
import { activitiesOf, type Activity } from './activity-wire.ts';
import { badRequest } from './broker-refusal.ts';
import { isoTime } from './order-wire.ts';

const Time = z.string().transform((text, context) => {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) context.addIssue(`${text} is not a time`);
  return atMs;
});

export const ActivityQuery = z.object({
  activity_types: z.string().optional(),
  category: z.enum(['trade_activity', 'non_trade_activity']).optional(),
  date: z.string().optional(),
  after: Time.optional(),
  until: Time.optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
  page_size: z.coerce.number().int().min(1).max(100).default(100),
  /** The id of the last activity of the page before. */
  page_token: z.string().optional(),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** Lists one page of activities, newest first unless asked otherwise. Throws a 400 refusal for a page that does not exist. */
export function listActivities(book: AccountBook, query: ActivityQuery): readonly Activity[] {
  const types = query.activity_types?.split(',');
  const day = query.date?.slice(0, 10);
  const { after = -Infinity, until = Infinity, category, page_token: before } = query;
  const matching = activitiesOf(book).filter(
    ({ atMs, of: { type } }) =>
      (types === undefined || types.includes(type)) &&
      (category === undefined || (category === 'trade_activity') === (type === 'FILL')) &&
      atMs > after &&
      atMs < until &&
      (day === undefined || isoTime(atMs).startsWith(day)),
  );
  if (query.direction === 'desc') matching.reverse();
  const start = before === undefined ? 0 : matching.findIndex(({ id }) => id === before) + 1;
  if (before !== undefined && start === 0) throw badRequest(`invalid page_token: ${before}`);
  return matching.slice(start, start + query.page_size);
}
