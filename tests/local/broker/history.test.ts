// What can be asked of the past: trades, quotes, and what the account was worth. Market time is in the
// test's hands.
import { expect, test } from 'vitest';
import { openBroker, send } from './open-broker.ts';

const MINUTE_MS = 60_000;

async function openStepped() {
  const broker = await openBroker({ stepped: true });
  const step = (body: unknown) => send(broker.url, 'POST', '/demo/step', body);
  return { ...broker, step };
}

test('trades and quotes are read in pages that add up, in either direction', async () => {
  const { url, step } = await openStepped();
  await step({ ms: 10 * MINUTE_MS });
  for (const kind of ['trades', 'quotes']) {
    const read = async (query: string) => {
      const found: { symbol: string; t: string }[] = [];
      let token: string | null = '';
      while (token !== null) {
        const page = token === '' ? '' : `&page_token=${token}`;
        const { body } = await send(url, 'GET', `/v2/stocks/${kind}?symbols=MSFT,AAPL&${query}${page}`);
        const answer: Record<string, Record<string, { t: string }[]>> & { next_page_token: string | null } =
          Object(body);
        for (const [symbol, rows] of Object.entries(answer[kind] ?? {}))
          found.push(...rows.map(({ t }) => ({ symbol, t })));
        token = answer.next_page_token;
      }
      return found;
    };
    const whole = await read('limit=10000');
    expect(whole.length).toBeGreaterThan(200);
    expect(await read('limit=37')).toEqual(whole);
    expect(whole.map(({ symbol }) => symbol)).toEqual(whole.map(({ symbol }) => symbol).sort());
    const apple = whole.filter(({ symbol }) => symbol === 'AAPL').map(({ t }) => t);
    expect(apple).toEqual([...apple].sort());
    const backwards = await read('limit=41&sort=desc');
    expect(backwards.filter(({ symbol }) => symbol === 'AAPL').map(({ t }) => t)).toEqual(apple.reverse());
  }
});

test('the window of a question about quotes is kept, and a wrong one is refused', async () => {
  const { url, step } = await openStepped();
  await step({ ms: 10 * MINUTE_MS });
  const from = '2026-01-05T14:33:00Z';
  const until = '2026-01-05T14:34:00Z';
  const { body } = await send(url, 'GET', `/v2/stocks/AAPL/quotes?start=${from}&end=${until}`);
  const { quotes }: { quotes: { t: string }[] } = Object(body);
  expect(quotes).toHaveLength(13);
  expect([quotes[0]?.t, quotes.at(-1)?.t].map((t) => Date.parse(String(t)))).toEqual(
    [from, until].map(Date.parse),
  );
  for (const wrong of [`start=${until}&end=${from}`, 'start=soon', 'page_token=e30']) {
    expect(await send(url, 'GET', `/v2/stocks/AAPL/quotes?${wrong}`)).toMatchObject({ status: 400 });
  }
  expect(await send(url, 'GET', '/v2/stocks/AAPL/quotes?feed=nyse')).toMatchObject({ status: 400 });
  expect(await send(url, 'GET', '/v2/stocks/NOPE/quotes')).toMatchObject({ status: 400 });
});

test('what the account was worth ends at what it is worth, in minutes and in days', async () => {
  const { alpaca, step } = await openStepped();
  const { orders, portfolioHistory, account } = alpaca.trading;
  const { quote } = await alpaca.marketData.stocks.stockLatestQuoteSingle({ symbol: 'AAPL' });
  await orders.market({ symbol: 'AAPL', qty: 100, side: 'buy' });
  await step({ to: 'close' });
  const { bars } = await alpaca.marketData.stocks.stockBarSingle({
    symbol: 'AAPL',
    timeframe: '1Day',
    start: new Date('2026-01-05T00:00Z'),
  });
  const atClose = 100_000 + 100 * ((bars[0]?.c ?? 0) - quote.ap);
  await step({ to: 'open' });
  await step({ ms: 90 * MINUTE_MS });
  const now = Number((await account.getAccount()).equity);
  const days = await portfolioHistory.getAccountPortfolioHistory({ period: '1W', timeframe: '1D' });
  expect(days.timestamp.map((at) => new Date(at * 1_000).toISOString())).toEqual([
    '2026-01-05T05:00:00.000Z',
    '2026-01-06T05:00:00.000Z',
  ]);
  expect(days.baseValue).toBe(100_000);
  expect(days.equity[0]).toBeCloseTo(atClose, 4);
  expect(days.equity[1]).toBeCloseTo(now, 4);
  expect(days.profitLoss[1]).toBeCloseTo(now - 100_000, 4);
  expect(days.profitLossPct[1]).toBeCloseTo((now - 100_000) / 100_000, 8);
  const minutes = await portfolioHistory.getAccountPortfolioHistory({ period: '1D', timeframe: '15Min' });
  expect(minutes.timestamp[0]).toBe(Date.parse('2026-01-06T14:30:00Z') / 1_000);
  expect(minutes.equity.at(-1)).toBeCloseTo(now, 4);
  expect(minutes.baseValue).toBeCloseTo(atClose, 4);
  expect(minutes.timestamp).toHaveLength(7);
});

test('refuses a history that it cannot give', async () => {
  const { url } = await openStepped();
  for (const query of ['period=1Y', 'timeframe=2Min', 'period=1A&timeframe=1Min', 'start=yesterday']) {
    const { status } = await send(url, 'GET', `/v2/account/portfolio/history?${query}`);
    expect([400, 422], query).toContain(status);
  }
});
