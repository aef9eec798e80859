// Market time by hand, streams that misbehave on request, and the calendar that the market keeps.
import { expect, test, vi } from 'vitest';
import { native } from './broker-bench.ts';
import { openBroker, openDataStream, openTradingStream, send } from './open-broker.ts';

test('a stepped market stands still until it is told to move, and stops at each open and close', async () => {
  const { alpaca, url } = await openBroker({ stepped: true });
  const clock = () => alpaca.trading.clock.legacyClock();
  const start = await clock();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await clock()).toEqual(start);
  const moved = await send(url, 'POST', '/demo/step', { ms: 60_000 });
  expect(moved).toMatchObject({ status: 200, body: { timestamp: '2026-01-05T14:31:00.000Z' } });
  const { id = '' } = await alpaca.trading.orders.limit({
    symbol: 'AAPL',
    qty: 1,
    side: 'buy',
    limitPrice: 1,
  });
  // Over the close and the night: the day order must have ended at the close.
  await send(url, 'POST', '/demo/step', { to: 'close' });
  await send(url, 'POST', '/demo/step', { to: 'open' });
  expect((await clock()).timestamp.toISOString()).toBe('2026-01-06T14:30:00.000Z');
  expect(await alpaca.trading.orders.getOrderByOrderID({ orderId: id })).toMatchObject({
    status: 'expired',
    expiredAt: new Date('2026-01-05T21:00:00Z'),
  });
});

test('a market that moves by itself cannot be stepped', async () => {
  const { url } = await openBroker();
  expect(await send(url, 'POST', '/demo/step', { ms: 1 })).toMatchObject({ status: 422 });
  expect(await send(url, 'POST', '/demo/streams', { fault: 'bored' })).toMatchObject({ status: 422 });
});

test('a silent stream stays open and carries nothing, and what it missed is not sent later', async () => {
  const { alpaca, url, dataStreamUrl, tradingStreamUrl } = await openBroker({ stepped: true });
  const { stream } = await openDataStream(alpaca, dataStreamUrl);
  const trading = await openTradingStream(alpaca, tradingStreamUrl);
  const heard: string[] = [];
  stream.onQuote(({ timestamp }) => heard.push(timestamp.toISOString()));
  trading.onTradeUpdate(({ event }) => heard.push(event));
  const subscribed = new Promise((resolve) => stream.on('subscription', resolve));
  stream.subscribeForQuotes(['AAPL']);
  await subscribed;
  await send(url, 'POST', '/demo/streams', { fault: 'silent' });
  await alpaca.trading.orders.market({ symbol: 'AAPL', qty: 1, side: 'buy' });
  await send(url, 'POST', '/demo/step', { ms: 10_000 });
  await send(url, 'POST', '/demo/streams', { fault: 'none' });
  await send(url, 'POST', '/demo/step', { ms: 5_000 });
  await vi.waitFor(() => expect(heard).toEqual(['2026-01-05T14:30:15.000Z']));
});

test('a client that is taken for a slow one is told so and let go', async () => {
  const { alpaca, url, dataStreamUrl } = await openBroker({ stepped: true });
  const { stream } = await openDataStream(alpaca, dataStreamUrl);
  const errors: unknown[] = [];
  const closed = new Promise((resolve) => stream.onDisconnect(() => resolve(undefined)));
  stream.onError((error) => errors.push(String(error)));
  await send(url, 'POST', '/demo/streams', { fault: 'slow' });
  await closed;
  expect(String(errors)).toMatch(/slow client/);
});

test('the calendar has the holidays and early closes of the year, as the market keeps them', async () => {
  const { alpaca, url } = await openBroker({ stepped: true });
  const days = await alpaca.trading.calendar.legacyCalendar({
    start: new Date('2026-11-25'),
    end: new Date('2026-11-30'),
  });
  expect(
    days.map((day) => [
      day.date.toISOString().slice(0, 10),
      day.close,
      day.sessionClose,
      day.settlementDate.toISOString().slice(0, 10),
    ]),
  ).toEqual([
    ['2026-11-25', '16:00', '2000', '2026-11-27'],
    ['2026-11-27', '13:00', '1700', '2026-11-30'],
    ['2026-11-30', '16:00', '2000', '2026-12-01'],
  ]);
  const { calendar } = await alpaca.trading.calendar.calendar({
    market: 'NYSE',
    start: new Date('2026-07-02'),
    end: new Date('2026-07-06'),
  });
  expect(calendar.map((day) => [day.coreStart.toISOString(), day.coreEnd.toISOString()])).toEqual([
    ['2026-07-02T13:30:00.000Z', '2026-07-02T20:00:00.000Z'],
    ['2026-07-06T13:30:00.000Z', '2026-07-06T20:00:00.000Z'],
  ]);
  expect(await send(url, 'GET', '/v3/calendar/LSE')).toMatchObject({ status: 404 });
});

test('the market is shut on a holiday and opens on the day after', () => {
  const fridayClose = Date.parse('2026-01-16T21:00Z');
  const clock = native.DemoExchange.simulated(1, fridayClose, 'alpaca-paper').clock();
  expect(clock).toMatchObject({ isOpen: false, nextOpenMs: Date.parse('2026-01-20T14:30Z') });
});
