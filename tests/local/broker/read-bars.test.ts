import { describe, expect, test } from 'vitest';
import { createMarketView } from '../../../electron/local/broker/market-view.ts';
import { BarQuery, readBars, timeframeOf, parseTimeframe } from '../../../electron/local/broker/read-bars.ts';
import { native } from './broker-bench.ts';

const sp500 = new URL('../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url).pathname;
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
  expect(parseTimeframe(timeframe)).toBe(seconds);
});

test.each(['0Min', '60Min', '24Hour', '2Day', '2Week', '5Month', 'Min', ''])(
  'refuses the timeframe "%s"',
  (timeframe) => {
    expect(() => parseTimeframe(timeframe)).toThrow(/invalid timeframe/);
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

describe('weeks and months', () => {
  const later = createMarketView(
    native.DemoExchange.simulated(1, Date.parse('2026-03-04T15:00Z'), 'alpaca-paper'),
  );
  const bars = (timeframe: string, start: string) =>
    readBars(later, ['AAPL'], BarQuery.parse({ timeframe, start })).bars['AAPL'] ?? [];
  const starts = (timeframe: string, start: string) =>
    bars(timeframe, start).map(({ atMs }) => new Date(atMs).toISOString());

  test('begin on Mondays and on the first, at midnight in New York, within the window', () => {
    expect(starts('1Week', '2026-02-03')).toEqual([
      '2026-02-09T05:00:00.000Z',
      '2026-02-16T05:00:00.000Z',
      '2026-02-23T05:00:00.000Z',
      '2026-03-02T05:00:00.000Z',
    ]);
    expect(starts('1Month', '2026-01-15')).toEqual(['2026-02-01T05:00:00.000Z', '2026-03-01T05:00:00.000Z']);
    expect(starts('3Month', '2026-01-01')).toEqual(['2026-01-01T05:00:00.000Z']);
  });

  test('are made of the days that fall in them', () => {
    const days = bars('1Day', '2026-02-16').slice(0, 4);
    // The 16th is a holiday, so the week has four days.
    expect(new Date(days[3]?.atMs ?? 0).toISOString()).toBe('2026-02-20T05:00:00.000Z');
    expect(bars('1Week', '2026-02-16')[0]).toMatchObject({
      openTicks: days[0]?.openTicks,
      highTicks: Math.max(...days.map((day) => day.highTicks)),
      lowTicks: Math.min(...days.map((day) => day.lowTicks)),
      closeTicks: days[3]?.closeTicks,
      volume: days.reduce((sum, day) => sum + day.volume, 0),
    });
  });

  test('put the days of a replayed file where their dates say', () => {
    const file = createMarketView(native.DemoExchange.replay(sp500, 'SPX'));
    const of = (timeframe: string) =>
      readBars(file, ['SPX'], BarQuery.parse({ timeframe, start: '2000-01-03', end: '2000-01-14' })).bars[
        'SPX'
      ];
    const days = of('1Day') ?? [];
    // 3 January 2000 is a Monday.
    const [first, second] = of('1Week') ?? [];
    expect(days).toHaveLength(10);
    expect([first?.openTicks, first?.closeTicks]).toEqual([days[0]?.openTicks, days[4]?.closeTicks]);
    expect([second?.openTicks, second?.closeTicks]).toEqual([days[5]?.openTicks, days[9]?.closeTicks]);
  });

  test('come in pages that add up', () => {
    const query = { timeframe: '1Week', start: '2026-01-05', limit: '3' };
    const found: number[] = [];
    for (let token: string | null = ''; token !== null; ) {
      const page = readBars(
        later,
        ['AAPL'],
        BarQuery.parse(token === '' ? query : { ...query, page_token: token }),
      );
      found.push(...(page.bars['AAPL'] ?? []).map(({ atMs }) => atMs));
      token = page.nextPageToken;
    }
    expect(found).toEqual(bars('1Week', '2026-01-05').map(({ atMs }) => atMs));
  });
});
