// Reads GET /v2/account/portfolio/history: which days, in which steps, against which base.
import { z } from 'zod';
import { badRequest } from './broker-refusal.ts';
import { QueryFlag } from './query-flag.ts';
import { DAY_S, newYorkMidnightMs } from './session-day.ts';

const DAY_MS = DAY_S * 1_000;

const stepS = { '1Min': 60, '5Min': 300, '15Min': 900, '1H': 3_600, '1D': DAY_S } as const;
type Step = keyof typeof stepS;
const steps: readonly Step[] = ['1Min', '5Min', '15Min', '1H', '1D'];

/** Days in a unit of `period`. */
const unitDays = { D: 1, W: 7, M: 30, A: 365 };
const Unit = z.enum(['D', 'W', 'M', 'A']);

export const PortfolioQuery = z.object({
  period: z
    .string()
    .regex(/^\d{1,3}[DWMA]$/, 'send a number and D, W, M or A')
    .optional(),
  timeframe: z.enum(steps).optional(),
  start: z.string().optional(),
  end: z.string().optional(),
  date_end: z.string().optional(),
  /** The market has regular hours alone, which all of these then mean. */
  intraday_reporting: z.enum(['market_hours', 'extended_hours', 'continuous']).optional(),
  extended_hours: QueryFlag,
  pnl_reset: z.enum(['per_day', 'no_reset']).default('per_day'),
  cashflow_types: z.string().optional(),
});
export type PortfolioQuery = z.infer<typeof PortfolioQuery>;

export interface PortfolioWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly timeframe: Step;
  readonly stepS: number;
}

/** The window asked for: the month until now where nothing is said, in minutes for less than a week. Throws a 400 refusal. */
export function parsePortfolioWindow(query: PortfolioQuery, nowMs: number): PortfolioWindow {
  if (query.period && query.start && (query.end || query.date_end)) {
    throw badRequest('only two of period, start and end are accepted');
  }
  const lengthMs = periodDays(query.period ?? '1M') * DAY_MS;
  const start = query.start === undefined ? undefined : parseTime('start', query.start);
  const end = parseEnd(query) ?? (start !== undefined && query.period ? start + lengthMs : nowMs);
  const startMs = start ?? newYorkMidnightMs(end - lengthMs + DAY_MS);
  const days = (end - startMs) / DAY_MS;
  const timeframe = query.timeframe ?? (days < 7 ? '1Min' : days < 30 ? '15Min' : '1D');
  if (timeframe === '1Min' && days > 8) throw badRequest('timeframe 1Min covers at most 7 days');
  if (timeframe !== '1D' && days > 31) throw badRequest(`timeframe ${timeframe} covers at most 30 days`);
  return { startMs, endMs: Math.min(end, nowMs), timeframe, stepS: stepS[timeframe] };
}

function periodDays(period: string): number {
  return Number(period.slice(0, -1)) * unitDays[Unit.parse(period.at(-1))];
}

function parseEnd({ end, date_end: dateEnd }: PortfolioQuery): number | undefined {
  if (end !== undefined) return parseTime('end', end);
  return dateEnd === undefined ? undefined : parseTime('date_end', dateEnd) + DAY_MS;
}

function parseTime(field: string, text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw badRequest(`invalid ${field}: ${text}; send RFC-3339 or YYYY-MM-DD`);
  return atMs;
}
