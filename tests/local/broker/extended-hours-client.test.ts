// The hours around the session as the official client sees them.
import type { Alpaca } from '@alpacahq/alpaca-trade-api';
import { expect, test } from 'vitest';
import { openBroker, refusalOf, request } from './open-broker.ts';

const HOUR_MS = 3_600_000;

async function openEvening() {
  const broker = await openBroker({ stepped: true, extendedHours: true });
  const step = async (body: object) =>
    expect((await request(broker.url, '/demo/step', JSON.stringify(body))).status).toBe(200);
  await step({ to: 'close' });
  await step({ ms: HOUR_MS });
  return { ...broker, step };
}

const limitOrder = (alpaca: Alpaca, changes: { extendedHours?: boolean }) =>
  alpaca.trading.orders.limit({ symbol: 'KO', qty: 2, side: 'buy', limitPrice: 1_000, ...changes });

test('the clock tells the phases, and that the market is not open', async () => {
  const { alpaca, step } = await openEvening();
  const phase = async () => {
    const [clock] = (await alpaca.trading.clock.clock()).clocks;
    return [clock?.phase, clock?.isMarketDay, clock?.phaseUntil.toISOString()];
  };
  expect(await phase()).toEqual(['post', true, '2026-01-06T01:00:00.000Z']);
  expect((await alpaca.trading.clock.legacyClock()).isOpen).toBe(false);
  await step({ ms: 4 * HOUR_MS });
  // It is still the 5th in New York.
  expect(await phase()).toEqual(['closed', true, '2026-01-06T09:00:00.000Z']);
  await step({ ms: 8 * HOUR_MS });
  expect(await phase()).toEqual(['pre', true, '2026-01-06T14:30:00.000Z']);
  await step({ to: 'open' });
  expect(await phase()).toEqual(['core', true, '2026-01-06T21:00:00.000Z']);
  await step({ ms: 4 * 24 * HOUR_MS });
  expect(await phase()).toEqual(['closed', false, '2026-01-12T09:00:00.000Z']);
});

test('an order for extended hours fills in the evening, a plain one the next morning', async () => {
  const { alpaca, step } = await openEvening();
  const extended = await limitOrder(alpaca, { extendedHours: true });
  const plain = await limitOrder(alpaca, {});
  expect([extended.status, plain.status]).toEqual(['pending_new', 'accepted']);
  expect(extended.expiresAt?.toISOString()).toBe('2026-01-06T01:00:00.000Z');
  await step({ ms: HOUR_MS });
  const status = async ({ id = '' }) =>
    (await alpaca.trading.orders.getOrderByOrderID({ orderId: id })).status;
  expect([await status(extended), await status(plain)]).toEqual(['filled', 'accepted']);
  await step({ to: 'open' });
  await step({ ms: 60_000 });
  expect(await status(plain)).toBe('filled');
});

test('only limit orders for the day or until canceled may ask for extended hours', async () => {
  const { alpaca } = await openEvening();
  const refused = {
    status: 422,
    code: 42210000,
    message: 'extended hours orders must be DAY or GTC limit orders',
  };
  const base = { symbol: 'KO', qty: '1', side: 'buy', extendedHours: true } as const;
  for (const kind of [
    { type: 'market', timeInForce: 'day' },
    { type: 'limit', timeInForce: 'opg', limitPrice: '10' },
    { type: 'stop', timeInForce: 'day', stopPrice: '900' },
  ] as const) {
    const postOrder = alpaca.trading.orders.postOrder({ postOrderRequest: { ...base, ...kind } });
    expect(await refusalOf(postOrder)).toMatchObject(refused);
  }
});

test('minute bars and the latest quote reach into the evening, daily bars do not', async () => {
  const { alpaca } = await openEvening();
  const start = new Date('2026-01-05T21:00:00Z');
  const { bars } = await alpaca.marketData.stocks.stockBars({ symbols: 'KO', timeframe: '1Min', start });
  expect(bars['KO']?.length).toBeGreaterThan(5);
  const { quotes } = await alpaca.marketData.stocks.stockLatestQuotes({ symbols: 'KO' });
  expect(quotes['KO']?.t.toISOString()).toBe('2026-01-05T22:00:00.000Z');
  const day = { symbols: 'KO', timeframe: '1Day', start: new Date('2026-01-05T00:00:00Z') };
  const minutes = { ...day, timeframe: '1Min', end: new Date('2026-01-05T20:59:00Z') };
  const dayVolume = (await alpaca.marketData.stocks.stockBars(day)).bars['KO']?.[0]?.v;
  const session = (await alpaca.marketData.stocks.stockBars(minutes)).bars['KO'] ?? [];
  expect(dayVolume).toBe(session.reduce((sum, bar) => sum + bar.v, 0));
});
