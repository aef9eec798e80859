// Orders before and after the session, and those that wait for it.
import { expect, test } from 'vitest';
import type { BrokerNative } from '../../../electron/local/broker/broker-native.ts';
import type { Exchange } from '../../../electron/local/broker/exchange.ts';
import { nextMarketMs } from '../../../electron/local/broker/market-pacer.ts';
import { phaseOf } from '../../../electron/local/broker/market-phase.ts';
import { stepMarket } from '../../../electron/local/broker/step-market.ts';
import { anOrder, type Bench, createBench, native } from './broker-bench.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const { DemoExchange }: BrokerNative = native;
const extendedMarket = (): Exchange => DemoExchange.simulated(1, null, 'alpaca-paper', true);

function benchWithExtendedHours(): Bench {
  return createBench({ exchange: extendedMarket() });
}

/** A limit that any ask of these days is below. */
const generous = { limitTicks: 10_000_000, shares: 2 } as const;
const status = ({ book }: Bench, id: string) => book.order(id)?.status;

/** The broker's market runs from hour to hour, so that nothing trades beyond its end. */
function run({ exchange, broker }: Bench, ms: number): void {
  stepMarket(exchange, { ms }, broker.absorb);
}

test('an order for extended hours fills in the evening, at the quote of that moment', () => {
  const bench = benchWithExtendedHours();
  bench.passToClose();
  run(bench, HOUR_MS);
  const { askTicks } = bench.exchange.quote('AAPL');
  const order = bench.broker.place(anOrder({ ...generous, extendedHours: true }));
  expect(order.status).toBe('pending_new');
  expect(status(bench, order.terms.id)).toMatch(/filled/);
  expect(bench.book.executions()[0]).toMatchObject({ priceTicks: askTicks });
});

test('an order for extended hours that rests since the session fills when the evening reaches it', () => {
  const bench = benchWithExtendedHours();
  const { exchange, broker, book } = bench;
  const rest = (symbol: string, extendedHours: boolean) => {
    const limitTicks = Math.floor((exchange.quote(symbol).bidTicks * 0.999) / 100) * 100;
    const changes = { symbol, limitTicks, shares: 1, extendedHours, timeInForce: 'gtc' } as const;
    return { id: broker.place(anOrder(changes)).terms.id, symbol, limitTicks };
  };
  stepMarket(
    exchange,
    { ms: Number(exchange.clock().nextCloseMs) - exchange.clock().nowMs - 1 },
    broker.absorb,
  );
  const symbols = exchange.symbols().map(({ symbol }) => symbol);
  const extended = symbols.map((symbol) => rest(symbol, true));
  const plain = symbols.map((symbol) => rest(symbol, false));
  bench.passToClose();
  const before = book.executions().length;
  const lowest = new Map<string, number>();
  stepMarket(exchange, { ms: 4 * HOUR_MS }, (step) => {
    for (const { symbol, askTicks } of step.quotes) {
      lowest.set(symbol, Math.min(askTicks, lowest.get(symbol) ?? askTicks));
    }
    broker.absorb(step);
  });
  const isReached = ({ symbol, limitTicks }: (typeof extended)[number]) =>
    Number(lowest.get(symbol)) <= limitTicks;
  const filled = extended.filter(({ id }) => status(bench, id) === 'filled').map(({ symbol }) => symbol);
  expect(before).toBe(0);
  expect(filled).toEqual(extended.filter(isReached).map(({ symbol }) => symbol));
  expect(filled.length).toBeGreaterThan(0);
  expect(plain.map(({ id }) => status(bench, id))).toEqual(plain.map(() => 'new'));
});

test('an order without extended hours waits for the session as accepted', () => {
  const bench = benchWithExtendedHours();
  bench.passToClose();
  run(bench, HOUR_MS);
  const order = bench.broker.place(anOrder(generous));
  expect(order.status).toBe('accepted');
  run(bench, 16 * HOUR_MS);
  expect(phaseOf(bench.exchange.clock())).toBe('pre');
  expect(status(bench, order.terms.id)).toBe('accepted');
  bench.passToOpen();
  expect(status(bench, order.terms.id)).toMatch(/filled/);
});

test('an order of the night waits for the morning when it is for extended hours', async () => {
  const bench = benchWithExtendedHours();
  bench.passToClose();
  run(bench, 5 * HOUR_MS);
  expect(phaseOf(bench.exchange.clock())).toBe('closed');
  const order = bench.broker.place(anOrder({ ...generous, extendedHours: true }));
  expect(order.status).toBe('accepted');
  run(bench, 7 * HOUR_MS);
  expect(phaseOf(bench.exchange.clock())).toBe('pre');
  expect(status(bench, order.terms.id)).toMatch(/filled/);
  await bench.store.settled();
  expect(bench.updates.map(({ event }) => event).slice(0, 2)).toEqual(['accepted', 'new']);
});

test('a day order for extended hours ends with the evening, and so does one sent in it', () => {
  const bench = benchWithExtendedHours();
  const far = { limitTicks: 10_000, shares: 1, extendedHours: true } as const;
  const { nextCloseMs } = bench.exchange.clock();
  const eveningEndMs = Number(nextCloseMs) + 4 * HOUR_MS;
  const session = bench.broker.place(anOrder(far));
  bench.passToClose();
  const evening = bench.broker.place(anOrder(far));
  expect([session, evening].map(({ terms }) => terms.expiresAtMs)).toEqual([eveningEndMs, eveningEndMs]);
  run(bench, 4 * HOUR_MS - MINUTE_MS);
  expect(status(bench, session.terms.id)).toBe('new');
  run(bench, MINUTE_MS);
  expect([session, evening].map(({ terms }) => status(bench, terms.id))).toEqual(['expired', 'expired']);
  const night = bench.broker.place(anOrder(far));
  expect(night.terms.expiresAtMs).toBe(eveningEndMs + 24 * HOUR_MS);
});

test('before and after a session a short sale is charged from the middle of the quote', () => {
  const bench = benchWithExtendedHours();
  bench.passToClose();
  run(bench, HOUR_MS);
  const { bidTicks, askTicks } = bench.exchange.quote('AAPL');
  expect(askTicks - bidTicks).toBeGreaterThan(200);
  const order = bench.broker.place(
    anOrder({ side: 'sell', shares: 1, limitTicks: bidTicks, extendedHours: true }),
  );
  const middle = Math.ceil((bidTicks + askTicks) / 2);
  expect(order.terms.chargeTicks).toBe(Math.ceil((middle * 1_030) / 1_000));
});

test('the market runs at its speed while an order can trade around the session, and otherwise in leaps', () => {
  const clock = {
    nowMs: 0,
    isOpen: false,
    nextOpenMs: 100 * HOUR_MS,
    nextCloseMs: 200 * HOUR_MS,
    extendedUntilMs: 3 * HOUR_MS,
  };
  expect(nextMarketMs(clock, 60, 250, 0)).toBe(15_000);
  expect(nextMarketMs(clock, 60, 250, 5_000)).toBe(2 * HOUR_MS);
  expect(nextMarketMs({ ...clock, nowMs: 2 * HOUR_MS }, 60, 250, 5_000)).toBe(3 * HOUR_MS);
  const night = { ...clock, extendedUntilMs: null, nextOpenMs: Date.UTC(1970, 0, 2, 14, 30) };
  expect(nextMarketMs(night, 60, 250, 5_000)).toBe(Date.UTC(1970, 0, 2, 9));
});

test('however far the market is moved, it halts where hours begin or end, so that orders end and start there', () => {
  const { exchange } = benchWithExtendedHours();
  const halts: string[] = [];
  stepMarket(exchange, { ms: 24 * HOUR_MS }, ({ nowMs }) =>
    halts.push(new Date(nowMs).toISOString().slice(5, 16)),
  );
  expect(halts).toEqual(['01-05T21:00', '01-06T01:00', '01-06T09:00', '01-06T14:30']);
});
