// Stops, moments, hours and money amounts, over the real exchange with market time in the test's hands.
import { describe, expect, test } from 'vitest';
import { notionalMicros } from '../../../electron/contract/money.ts';
import { anOrder, createBench, native, openExchange, SHARE, USD } from './broker-bench.ts';

/** Whole cents, so far from the price of AAPL. */
function priceFrom(exchange: ReturnType<typeof createBench>['exchange'], cents: number): number {
  return Math.round(exchange.quote('AAPL').lastTicks / 100) * 100 + cents * 100;
}

describe('a stop order', () => {
  test('sells once the market has traded at its price, and not before', () => {
    const { broker, book, exchange, pass } = createBench();
    broker.place(anOrder({ shares: 10 }));
    const stopTicks = priceFrom(exchange, -40);
    const { terms } = broker.place(anOrder({ side: 'sell', kind: 'stop', stopTicks, timeInForce: 'gtc' }));
    expect(book.order(terms.id)).toMatchObject({ status: 'new', stopTicks });
    let before = exchange.quote('AAPL');
    while (book.order(terms.id)?.status === 'new') {
      before = exchange.quote('AAPL');
      pass(5_000);
    }
    const order = book.order(terms.id);
    expect(order).toMatchObject({ isElected: true, filledNanos: 10 * SHARE });
    const [, sale] = book.executions();
    expect(before.lastTicks).toBeGreaterThan(stopTicks);
    expect(sale?.priceTicks).toBe(exchange.quote('AAPL').bidTicks);
  });

  test('to buy is a limit order a little above its stop, and is charged as one', () => {
    const { broker, book, exchange } = createBench();
    const stopTicks = priceFrom(exchange, 500);
    const { terms } = broker.place(anOrder({ kind: 'stop', stopTicks, shares: 10 }));
    expect(terms.chargeTicks).toBe(Math.ceil((stopTicks * 1.025) / 100) * 100);
    expect(book.reservedMicros()).toBe(notionalMicros(10 * SHARE, terms.chargeTicks));
  });

  test('that trails the market moves its stop up and never down, and remembers it after a restart', async () => {
    const first = createBench();
    first.broker.place(anOrder({ shares: 10 }));
    const { terms } = first.broker.place(
      anOrder({
        side: 'sell',
        kind: 'trailing_stop',
        trail: { unit: 'price', ticks: 30_000 },
        timeInForce: 'gtc',
      }),
    );
    const start = first.exchange.quote('AAPL').lastTicks;
    expect(first.book.order(terms.id)).toMatchObject({ markTicks: start, stopTicks: start - 30_000 });
    let stop = start - 30_000;
    for (let step = 0; step < 200; step += 1) {
      first.pass(5_000);
      const now = first.book.order(terms.id)?.stopTicks ?? 0;
      expect(now).toBeGreaterThanOrEqual(stop);
      stop = now;
    }
    expect(stop).toBeGreaterThan(start - 30_000);
    await first.store.settled();
    const exchange = native.DemoExchange.simulated(1, first.exchange.clock().nowMs, 'alpaca-paper');
    const again = createBench({ journal: first.journal, exchange });
    expect(again.book.order(terms.id)).toEqual(first.book.order(terms.id));
    first.pass(600_000);
    again.pass(600_000);
    expect(again.book.order(terms.id)?.stopTicks).toBe(first.book.order(terms.id)?.stopTicks);
  });
});

describe('an order for a moment', () => {
  test('is canceled with what it could not fill at once', async () => {
    const { broker, book, exchange, store, updates } = createBench();
    const limitTicks = priceFrom(exchange, -100);
    const { terms } = broker.place(anOrder({ limitTicks, timeInForce: 'ioc' }));
    await store.settled();
    expect(book.order(terms.id)).toMatchObject({ status: 'canceled', filledNanos: 0 });
    expect(updates.map(({ event }) => event)).toEqual(['new', 'canceled']);
  });

  test('fills completely or not at all when it says so', () => {
    const { broker, book, exchange, pass } = createBench({
      cashMicros: 1_000_000_000 * USD,
      fills: 'realistic',
    });
    const { askTicks, askQty } = exchange.quote('AAPL');
    const limitTicks = Math.floor(askTicks / 100) * 100 + 100;
    const tooMany = broker.place(anOrder({ shares: 2 * askQty + 1, limitTicks, timeInForce: 'fok' }));
    const enough = broker.place(anOrder({ shares: askQty, limitTicks, timeInForce: 'fok' }));
    pass(50);
    expect(book.order(tooMany.terms.id)).toMatchObject({ status: 'canceled', filledNanos: 0 });
    expect(book.order(enough.terms.id)?.status).toBe('filled');
  });
});

describe('an auction', () => {
  test('fills an order for the close at the last quote of the session', () => {
    const { broker, book, exchange, pass, passToClose } = createBench();
    const { terms } = broker.place(anOrder({ timeInForce: 'cls' }));
    pass(3_600_000);
    expect(book.order(terms.id)?.status).toBe('new');
    passToClose();
    expect(book.order(terms.id)?.status).toBe('filled');
    expect(book.executions()[0]?.priceTicks).toBe(exchange.quote('AAPL').askTicks);
  });

  test('takes orders for the opening in the evening, and fills them at the first quote', () => {
    const { broker, book, exchange, pass, passToClose, passToOpen, refusal } = createBench();
    passToClose();
    expect(refusal(() => broker.place(anOrder({ timeInForce: 'opg' }))).status).toBe(422);
    pass(3 * 3_600_000);
    const { terms } = broker.place(anOrder({ timeInForce: 'opg' }));
    const cheap = broker.place(anOrder({ symbol: 'MSFT', limitTicks: 10_000, timeInForce: 'opg' }));
    passToOpen();
    expect(book.order(terms.id)?.status).toBe('filled');
    expect(book.executions()[0]?.priceTicks).toBe(exchange.quote('AAPL').askTicks);
    expect(book.order(cheap.terms.id)?.status).toBe('canceled');
  });
});

describe('an order for an amount of money', () => {
  test('buys the fraction that the amount pays for', () => {
    const { broker, book, exchange } = createBench();
    const { askTicks } = exchange.quote('AAPL');
    const order = broker.place(anOrder({ qtyNanos: null, notionalMicros: 500 * USD }));
    const { qtyNanos, costMicros } = book.position('AAPL');
    expect(qtyNanos).toBe(Math.floor((500 * SHARE * 10_000) / askTicks));
    expect(500 * USD - costMicros).toBeLessThan(USD / 1_000);
    expect(book.order(order.terms.id)?.status).toBe('filled');
  });

  test('learns its quantity at the open', () => {
    const { broker, book, exchange, passToClose, passToOpen } = createBench();
    passToClose();
    const { terms } = broker.place(anOrder({ qtyNanos: null, notionalMicros: 500 * USD }));
    passToOpen();
    const { askTicks } = exchange.quote('AAPL');
    expect(book.order(terms.id)?.qtyNanos).toBe(Math.floor((500 * SHARE * 10_000) / askTicks));
    expect(book.order(terms.id)?.qtyNanos).not.toBe(terms.qtyNanos);
  });

  test.each([
    [
      'for less than a dollar',
      { notionalMicros: USD - 1 },
      'cost basis must be >= minimal amount of order 1',
    ],
    ['that lasts', { timeInForce: 'gtc' as const }, 'fractional orders must be DAY orders'],
    ['that sells short', { side: 'sell' as const }, 'fractional orders cannot be sold short'],
    [
      'that trails',
      { kind: 'trailing_stop' as const, trail: { unit: 'price', ticks: 100 } as const },
      'fractional orders cannot be trailing stop orders',
    ],
  ])('is refused %s', (_name, changes, message) => {
    const { broker, refusal } = createBench();
    const order = anOrder({ qtyNanos: null, notionalMicros: 500 * USD, ...changes });
    expect(refusal(() => broker.place(order)).message).toBe(message);
  });
});

test('a limit order in extended hours lives until eight in the evening, and nothing else may be one', () => {
  const { broker, refusal } = createBench();
  const order = broker.place(anOrder({ limitTicks: 1_000_000, extendedHours: true }));
  expect(new Date(order.terms.expiresAtMs ?? 0).toISOString()).toBe('2026-01-06T01:00:00.000Z');
  expect(refusal(() => broker.place(anOrder({ extendedHours: true }))).message).toBe(
    'extended hours orders must be DAY or GTC limit orders',
  );
});

test('an order without a limit is refused while nobody knows a price', () => {
  const open = openExchange('realistic');
  const exchange = {
    ...open,
    quote: (symbol: string) => ({ ...open.quote(symbol), askTicks: 0, bidTicks: 0, lastTicks: 0 }),
  };
  const { broker, refusal } = createBench({ exchange });
  const message = 'there is no price of AAPL to value the order at';
  for (const order of [
    anOrder(),
    anOrder({ side: 'sell' }),
    anOrder({ qtyNanos: null, notionalMicros: 100 * USD }),
  ]) {
    expect(refusal(() => broker.place(order))).toEqual({ status: 422, code: 42210000, message });
  }
});
