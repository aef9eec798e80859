import { expect, test } from 'vitest';
import { createMarketView } from '../../../electron/local/broker/market-view.ts';
import {
  BarQuery,
  readBars,
  timeframeOf,
  timeframeSeconds,
} from '../../../electron/local/broker/read-bars.ts';
import { native } from './broker-bench.ts';

const view = createMarketView(native.DemoExchange.simulated(1, null, 'alpaca-paper'));
const symbols = ['MSFT', 'AAPL'];
const day = { timeframe: '5Min', start: '2026-01-02', end: '2026-01-02' };

function pages(query: Record<string, unknown>): string[][] {
  const found: string[][] = [];
  let token: string | null = null;
  do {
    const page = readBars(
      view,
      symbols,
      BarQuery.parse({ ...day, ...query, ...(token && { page_token: token }) }),
    );
    found.push(
      Object.entries(page.bars).flatMap(([symbol, bars]) => bars.map((bar) => `${symbol} ${bar.atMs}`)),
    );
    token = page.nextPageToken;
  } while (token !== null);
  return found;
}

test.each(['asc', 'desc'])('pages of any size hold the same bars, none twice (%s)', (sort) => {
  const [whole = []] = pages({ sort, limit: '10000' });
  // A session of 390 minutes has 78 bars of five.
  expect(whole).toHaveLength(2 * 78);
  for (const limit of [1, 7, 78, 100]) {
    const parts = pages({ sort, limit: String(limit) });
    expect(parts.flat()).toEqual(whole);
    expect(Math.max(...parts.map((part) => part.length))).toBe(limit);
  }
});

test('descending bars are the ascending ones of each symbol turned round', () => {
  const of = (list: string[], symbol: string) => list.filter((entry) => entry.startsWith(symbol));
  const [ascending = []] = pages({ limit: '10000' });
  const [descending = []] = pages({ sort: 'desc', limit: '10000' });
  for (const symbol of symbols) expect(of(descending, symbol)).toEqual(of(ascending, symbol).reverse());
});

test.each([
  ['1Min', 60],
  ['59Min', 3_540],
  ['15T', 900],
  ['4Hour', 14_400],
  ['1Day', 86_400],
])('reads the timeframe %s', (timeframe, seconds) => {
  expect(timeframeSeconds(timeframe)).toBe(seconds);
});

test.each(['0Min', '60Min', '24Hour', '2Day', '1Week', 'Min', ''])(
  'refuses the timeframe "%s"',
  (timeframe) => {
    expect(() => timeframeSeconds(timeframe)).toThrow(/invalid timeframe/);
  },
);

test.each([
  [60, '1Min'],
  [300, '5Min'],
  [3_600, '1Hour'],
  [86_400, '1Day'],
  [604_800, '1Day'],
])('names bars of %i seconds %s', (barS, timeframe) => {
  expect(timeframeOf(barS)).toBe(timeframe);
});

test('refuses a page token that it did not write', () => {
  expect(() => readBars(view, symbols, BarQuery.parse({ ...day, page_token: 'e30' }))).toThrow(
    /invalid page_token/,
  );
});
