// What each feed of market data shows, over HTTP and as a stream, and the screener.
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { keys, openBroker, request, send } from './open-broker.ts';

const MINUTE_MS = 60_000;

async function openStepped() {
  const broker = await openBroker({ stepped: true });
  const step = async (ms: number) =>
    expect((await request(broker.url, '/demo/step', JSON.stringify({ ms }))).status).toBe(200);
  const get = (path: string) => send(broker.url, 'GET', path);
  return { ...broker, step, get };
}

test('the delayed feed shows the latest of a quarter of an hour ago', async () => {
  const { step, get } = await openStepped();
  const kinds = ['quotes', 'trades', 'bars'] as const;
  const latest = (feed: string) =>
    Promise.all(kinds.map((kind) => get(`/v2/stocks/AAPL/${kind}/latest?feed=${feed}`)));
  await step(5 * MINUTE_MS);
  expect((await latest('delayed_sip')).map(({ status }) => status)).toEqual([404, 404, 200]);
  const live = await latest('sip');
  await step(15 * MINUTE_MS);
  expect(await latest('delayed_sip')).toEqual(live);
  expect(await latest('iex')).not.toEqual(live);
  const [late, now] = await Promise.all(
    ['delayed_sip', 'iex'].map((feed) => get(`/v2/stocks/snapshots?symbols=AAPL&feed=${feed}`)),
  );
  expect(late?.body).toMatchObject({ AAPL: { latestQuote: { t: '2026-01-05T14:35:00.000Z' } } });
  expect(now?.body).toMatchObject({ AAPL: { latestQuote: { t: '2026-01-05T14:50:00.000Z' } } });
});

test('feeds of venues that the market lacks are empty, and one that does not exist is refused', async () => {
  const { step, get } = await openStepped();
  await step(2 * MINUTE_MS);
  for (const feed of ['otc', 'boats', 'overnight']) {
    expect(await get(`/v2/stocks/quotes/latest?symbols=AAPL&feed=${feed}`)).toEqual({
      status: 200,
      body: { quotes: {}, currency: 'USD' },
    });
    expect((await get(`/v2/stocks/AAPL/bars/latest?feed=${feed}`)).status).toBe(404);
  }
  const window = 'symbols=AAPL&timeframe=1Min';
  expect((await get(`/v2/stocks/bars?${window}&feed=boats`)).body).toMatchObject({
    bars: {},
    next_page_token: null,
  });
  expect((await get('/v2/stocks/trades?symbols=AAPL&feed=otc')).body).toMatchObject({ trades: {} });
  // The past is never asked of these two: it is not delayed.
  for (const feed of ['delayed_sip', 'overnight', 'nyse']) {
    expect((await get(`/v2/stocks/bars?${window}&feed=${feed}`)).status).toBe(400);
  }
  expect((await get('/v2/stocks/quotes/latest?symbols=AAPL&feed=nyse')).status).toBe(400);
});

test('the screener ranks by what was traded and by the change since the last close', async () => {
  const { step, get } = await openStepped();
  await step(5 * MINUTE_MS);
  const ranked = async (query: string) => (await get(`/v1beta1/screener/stocks/most-actives?${query}`)).body;
  const bars = (await get('/v2/stocks/snapshots?symbols=AAPL,NVDA,KO')).body as Record<
    string,
    { dailyBar: { v: number } }
  >;
  expect(await ranked('top=1')).toEqual({
    most_actives: [{ symbol: 'NVDA', volume: bars['NVDA']?.dailyBar.v, trade_count: expect.any(Number) }],
    last_updated: '2026-01-05T14:35:00.000Z',
  });
  expect(await ranked('top=3&by=trades')).toMatchObject({ most_actives: { length: 3 } });
  expect((await get('/v1beta1/screener/stocks/most-actives?by=price')).status).toBe(400);
  const { body } = await get('/v1beta1/screener/stocks/movers?top=20');
  const { gainers, losers } = body as Record<
    'gainers' | 'losers',
    { change: number; percent_change: number; price: number }[]
  >;
  expect(gainers.length + losers.length).toBeGreaterThan(5);
  expect(gainers.every(({ change, percent_change }) => change > 0 && percent_change >= 0)).toBe(true);
  expect(losers.map(({ percent_change }) => percent_change)).toEqual(
    losers.map(({ percent_change }) => percent_change).sort((one, other) => one - other),
  );
});

function connect(url: string, path: string, channels: object) {
  const socket = new WebSocket(url.replace('http', 'ws') + path, {
    headers: { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret },
  });
  onTestFinished(() => socket.terminate());
  const frames: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => frames.push(...(JSON.parse(data.toString()) as typeof frames)));
  socket.on('open', () => socket.send(JSON.stringify({ action: 'subscribe', ...channels })));
  return { socket, frames };
}

test('the delayed stream tells a quarter of an hour late', async () => {
  const { url, step } = await openStepped();
  const { frames } = connect(url, '/v2/delayed_sip', { quotes: ['AAPL'] });
  await vi.waitFor(() => expect(frames.some(({ T }) => T === 'subscription')).toBe(true), 5_000);
  const live = connect(url, '/v2/sip', { quotes: ['AAPL'] });
  await vi.waitFor(() => expect(live.frames.some(({ T }) => T === 'subscription')).toBe(true), 5_000);
  const quotes = (of: typeof frames) => of.filter(({ T }) => T === 'q');
  await step(MINUTE_MS);
  await step(14 * MINUTE_MS - 1);
  await vi.waitFor(() => expect(quotes(live.frames).length).toBe(179), 5_000);
  expect(quotes(frames)).toEqual([]);
  await step(MINUTE_MS + 1);
  await vi.waitFor(() => expect(quotes(frames)).toEqual(quotes(live.frames).slice(0, 12)), 5_000);
});

test('the test stream always has news of its one symbol', async () => {
  const { url } = await openStepped();
  const { frames } = connect(url, '/v2/test', { trades: ['FAKEPACA'], quotes: ['*'] });
  await vi.waitFor(() => {
    expect(frames.find(({ T }) => T === 't')).toMatchObject({ S: 'FAKEPACA', s: 100 });
    expect(frames.find(({ T }) => T === 'q')).toMatchObject({ S: 'FAKEPACA', bs: 100 });
  }, 5_000);
});

test.each(['/v2/otc', '/v1beta1/boats', '/v1beta1/overnight'])(
  'the stream %s is not part of the plan',
  async (path) => {
    const { url } = await openStepped();
    const { socket, frames } = connect(url, path, { trades: ['AAPL'] });
    await vi.waitFor(() => expect(socket.readyState).toBe(WebSocket.CLOSED), 5_000);
    expect(frames.slice(0, 2)).toEqual([
      { T: 'success', msg: 'connected' },
      { T: 'error', code: 409, msg: 'insufficient subscription' },
    ]);
  },
);
