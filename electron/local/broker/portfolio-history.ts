// What the account was worth over time, worked out from its executions and the market's bars.
import { MICROS_PER_USD, notionalMicros } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import type { ExchangeBar } from './exchange.ts';
import type { MarketView } from './market-view.ts';
import { type PortfolioQuery, parsePortfolioWindow } from './portfolio-query.ts';
import { DAY_S, newYorkMidnightMs } from './session-day.ts';

/** Far enough back to find a price for what was held before the window. */
const LOOK_BACK_MS = 10 * DAY_S * 1_000;
const WHOLE_WINDOW = 1_000_000;

interface Point {
  /** Start of the step. */
  readonly startMs: number;
  /** At its end. */
  readonly equityMicros: number;
}

/** Writes the history: each point is stamped with the start of its step and worth what the account was at the end. */
export function portfolioHistoryToWire(book: AccountBook, view: MarketView, query: PortfolioQuery) {
  const window = parsePortfolioWindow(query, view.nowMs());
  const equityAt = createValuation(book, view, window.stepS, window.startMs);
  const openedAtMs = book.account()?.openedAtMs ?? 0;
  const points: Point[] = stepStarts(view, window)
    .map((startMs) => ({ startMs, endMs: Math.min(startMs + window.stepS * 1_000, view.nowMs()) }))
    .filter(({ endMs }) => endMs > openedAtMs)
    .map(({ startMs, endMs }) => ({ startMs, equityMicros: equityAt(endMs) }));
  const baseMicros = equityAt(points[0]?.startMs ?? window.startMs);
  const resets = window.timeframe !== '1D' && query.pnl_reset === 'per_day';
  const profits = profitsOf(points, baseMicros, resets);
  return {
    timestamp: points.map(({ startMs }) => startMs / 1_000),
    equity: points.map(({ equityMicros }) => equityMicros / MICROS_PER_USD),
    profit_loss: profits.map(({ profitMicros }) => profitMicros / MICROS_PER_USD),
    profit_loss_pct: profits.map(({ profitMicros, baseMicros: base }) => profitMicros / base),
    base_value: baseMicros / MICROS_PER_USD,
    base_value_asof: new Date(points[0]?.startMs ?? window.startMs).toISOString().slice(0, 10),
    timeframe: window.timeframe,
    cashflow: {},
  };
}

/** Starts of the steps in which the market was open, the one that is running included. */
function stepStarts(
  view: MarketView,
  { startMs, endMs, stepS }: { startMs: number; endMs: number; stepS: number },
): number[] {
  const starts = new Set<number>();
  for (const { symbol } of view.symbols()) {
    for (const bar of view.bars(symbol, { barS: stepS, startMs, endMs, limit: WHOLE_WINDOW }))
      starts.add(bar.atMs);
  }
  const now = view.nowMs();
  const running = stepS === DAY_S ? newYorkMidnightMs(now) : now - (now % (stepS * 1_000));
  if (view.isOpen() && running >= startMs && running <= endMs) starts.add(running);
  return [...starts].sort((a, b) => a - b);
}

function profitsOf(points: readonly Point[], firstBaseMicros: number, resets: boolean) {
  let baseMicros = firstBaseMicros;
  let before: Point | undefined;
  return points.map((point) => {
    if (resets && before && newYorkMidnightMs(before.startMs) !== newYorkMidnightMs(point.startMs)) {
      baseMicros = before.equityMicros;
    }
    before = point;
    return { profitMicros: point.equityMicros - baseMicros, baseMicros };
  });
}

/** Values the account at any time from `fromMs` on. */
function createValuation(book: AccountBook, view: MarketView, barS: number, fromMs: number) {
  const executions = book.executions();
  const symbols = [...new Set(executions.map(({ order }) => order.terms.symbol))];
  const bars = new Map<string, readonly ExchangeBar[]>();
  for (const symbol of symbols) {
    const window = { barS, startMs: fromMs - LOOK_BACK_MS, endMs: view.nowMs(), limit: WHOLE_WINDOW };
    bars.set(symbol, view.bars(symbol, window));
  }

  function priceAt(symbol: string, atMs: number): number {
    if (atMs >= view.nowMs()) return view.lastTicks(symbol);
    const known = bars.get(symbol) ?? [];
    const bar = known[countUntil(known, (entry) => entry.atMs + barS * 1_000 <= atMs) - 1];
    return bar?.closeTicks ?? known[0]?.openTicks ?? view.lastTicks(symbol);
  }

  return (atMs: number): number => {
    const done = executions.slice(
      0,
      countUntil(executions, (entry) => entry.atMs <= atMs),
    );
    const cashMicros = done.at(-1)?.cashMicros ?? book.account()?.openingCashMicros ?? 0;
    return symbols.reduce((sum, symbol) => {
      const held = done.findLast(({ order }) => order.terms.symbol === symbol)?.positionNanos ?? 0;
      return held === 0 ? sum : sum + notionalMicros(held, priceAt(symbol, atMs));
    }, cashMicros);
  };
}

/** How many entries from the first on satisfy a condition that, once false, stays false. */
function countUntil<T>(entries: readonly T[], isBefore: (entry: T) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && isBefore(entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}
