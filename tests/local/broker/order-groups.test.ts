// Bracket, OCO and OTO orders, and the replacement of orders.
import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../../electron/local/broker/parse-order-request.ts';
import { MICROS_PER_TICK } from '../../../electron/contract/money.ts';
import { type Bench, anOrder, createBench, native, SHARE } from './broker-bench.ts';

/** Whole cents, so far from the price of AAPL. */
function priceFrom({ exchange }: Bench, cents: number): number {
  return Math.round(exchange.quote('AAPL').lastTicks / 100) * 100 + cents * 100;
}

function exits(bench: Bench, profit: number, loss: number): Partial<OrderRequest> {
  return {
    takeProfit: { limitTicks: priceFrom(bench, profit) },
    stopLoss: { stopTicks: priceFrom(bench, loss), limitTicks: null },
    timeInForce: 'gtc',
  };
}

function group(bench: Bench, groupId: string) {
  return bench.book.group(groupId).map(({ terms, status }) => [terms.group?.role, status]);
}

function passUntilFlat(bench: Bench): void {
  for (let step = 0; step < 5 * 4_680 && bench.book.heldSymbols().length > 0; step += 1) bench.pass(5_000);
}

describe('a bracket order', () => {
  test('holds its exits until the entry has filled, then offers the profit and guards the loss', () => {
    const bench = createBench();
    const limitTicks = priceFrom(bench, -50);
    const bracket = { orderClass: 'bracket' as const, ...exits(bench, 300, -300) };
    const { terms } = bench.broker.place(anOrder({ limitTicks, ...bracket }));
    expect(group(bench, terms.id)).toEqual([
      ['entry', 'new'],
      ['takeProfit', 'held'],
      ['stopLoss', 'held'],
    ]);
    while (bench.book.order(terms.id)?.status !== 'filled') bench.pass(5_000);
    expect(group(bench, terms.id)).toEqual([
      ['entry', 'filled'],
      ['takeProfit', 'new'],
      ['stopLoss', 'held'],
    ]);
  });

  test.each([
    ['takes the profit and cancels the stop', 60, -2_000, ['filled', 'filled', 'canceled']],
    ['stops the loss and cancels the profit', 2_000, -60, ['filled', 'canceled', 'filled']],
  ])('%s', (_name, profit, loss, statuses) => {
    const bench = createBench();
    const { terms } = bench.broker.place(anOrder({ orderClass: 'bracket', ...exits(bench, profit, loss) }));
    bench.pass(60_000);
    passUntilFlat(bench);
    expect(group(bench, terms.id).map(([, status]) => status)).toEqual(statuses);
    expect(bench.exchange.cancel(terms.id)).toBe(false);
  });

  test('is canceled as a whole', () => {
    const bench = createBench();
    const bracket = { orderClass: 'bracket' as const, ...exits(bench, 300, -300) };
    const { terms } = bench.broker.place(anOrder({ limitTicks: priceFrom(bench, -200), ...bracket }));
    const [, , stop] = bench.book.group(terms.id);
    bench.broker.cancel(stop?.terms.id ?? '');
    expect(group(bench, terms.id).map(([, status]) => status)).toEqual(['canceled', 'canceled', 'canceled']);
    expect(bench.book.reservedMicros()).toBe(0);
  });

  test('is the same after a restart, and its exits still exclude each other', async () => {
    const first = createBench();
    const { terms } = first.broker.place(anOrder({ orderClass: 'bracket', ...exits(first, 60, -60) }));
    first.pass(60_000);
    await first.store.settled();
    const exchange = native.DemoExchange.simulated(1, first.exchange.clock().nowMs, 'alpaca-paper');
    const again = createBench({ journal: first.journal, exchange });
    expect(group(again, terms.id)).toEqual(group(first, terms.id));
    passUntilFlat(again);
    const [, profit, loss] = group(again, terms.id).map(([, status]) => status);
    expect(new Set([profit, loss])).toEqual(new Set(['canceled', 'filled']));
    expect(again.book.heldSymbols()).toEqual([]);
  });

  test.each([
    [
      'a stop above the price',
      { stopLoss: { stopTicks: 10_000_000, limitTicks: null } },
      /take_profit.limit_price must be > stop_loss/,
    ],
    ['no profit', { takeProfit: null }, /bracket orders require take_profit.limit_price/],
    ['no loss', { stopLoss: null }, /bracket orders require stop_loss.stop_price/],
    ['a life of a moment', { timeInForce: 'ioc' as const }, /bracket orders must be DAY or GTC orders/],
    [
      'a fraction',
      { qtyNanos: SHARE / 2, timeInForce: 'day' as const },
      /fractional orders must be simple orders/,
    ],
  ])('is refused with %s', (_name, changes, message) => {
    const bench = createBench();
    const order = anOrder({ orderClass: 'bracket', ...exits(bench, 300, -300), ...changes });
    expect(bench.refusal(() => bench.broker.place(order)).message).toMatch(message);
    expect(bench.book.orders()).toEqual([]);
  });
});

test('an OTO order sends its only exit as a working order once the entry has filled', () => {
  const bench = createBench();
  const { stopLoss = null } = exits(bench, 0, -300);
  const { terms } = bench.broker.place(anOrder({ orderClass: 'oto', stopLoss, timeInForce: 'gtc' }));
  expect(group(bench, terms.id)).toEqual([
    ['entry', 'filled'],
    ['stopLoss', 'new'],
  ]);
});

describe('an OCO order', () => {
  test('closes a position once, at the profit or at the loss', () => {
    const bench = createBench();
    const oco = { orderClass: 'oco' as const, side: 'sell' as const, ...exits(bench, 60, -60) };
    const order = anOrder({ ...oco, limitTicks: oco.takeProfit?.limitTicks ?? 0 });
    expect(bench.refusal(() => bench.broker.place(order)).message).toBe('oco orders must be exit orders');
    bench.broker.place(anOrder({ shares: 10 }));
    bench.pass(60_000);
    const { terms } = bench.broker.place(order);
    expect(group(bench, terms.id)).toEqual([
      ['takeProfit', 'new'],
      ['stopLoss', 'held'],
    ]);
    // The two exits claim the ten shares once.
    expect(bench.refusal(() => bench.broker.place(anOrder({ side: 'sell', shares: 1 }))).message).toBe(
      'insufficient qty available for order (requested: 1, available: 0)',
    );
    passUntilFlat(bench);
    const statuses = group(bench, terms.id).map(([, status]) => status);
    expect(new Set(statuses)).toEqual(new Set(['canceled', 'filled']));
  });
});

describe('a replacement', () => {
  test('takes the place of the order, and the two name each other', async () => {
    const bench = createBench();
    const { broker, book, store, updates } = bench;
    const { terms } = broker.place(anOrder({ limitTicks: priceFrom(bench, -100) }));
    const limitTicks = priceFrom(bench, -90);
    const next = broker.replace(
      terms.id,
      patch({ limitPrice: String(limitTicks / 10_000), qtyNanos: 4 * SHARE }),
    );
    expect(next.terms).toMatchObject({ replacesId: terms.id, limitTicks, qtyNanos: 4 * SHARE });
    expect(book.order(terms.id)).toMatchObject({ status: 'replaced', replacedById: next.terms.id });
    expect(book.openOrders().map((order) => order.terms.id)).toEqual([next.terms.id]);
    expect(book.reservedMicros()).toBe(4 * limitTicks * MICROS_PER_TICK);
    await store.settled();
    expect(updates.map(({ event }) => event)).toEqual(['new', 'replaced', 'new']);
  });

  test('is refused when nothing changes, when it cannot be paid, and for an order that is over', () => {
    const bench = createBench();
    const { broker, book, refusal } = bench;
    const { terms } = broker.place(anOrder({ limitTicks: priceFrom(bench, -100) }));
    expect(refusal(() => broker.replace(terms.id, patch({ qtyNanos: 10 * SHARE })))).toMatchObject({
      status: 403,
      message: 'order parameters are not changed',
    });
    expect(refusal(() => broker.replace(terms.id, patch({ qtyNanos: 100_000 * SHARE }))).message).toBe(
      'insufficient buying power',
    );
    expect(book.order(terms.id)?.status).toBe('new');
    broker.cancel(terms.id);
    expect(refusal(() => broker.replace(terms.id, patch({ qtyNanos: SHARE }))).message).toBe(
      'cannot replace order in canceled status',
    );
  });

  test('moves the stop of a bracket, which goes on excluding the profit', () => {
    const bench = createBench();
    const { terms } = bench.broker.place(anOrder({ orderClass: 'bracket', ...exits(bench, 2_000, -1_000) }));
    const [, , stop] = bench.book.group(terms.id);
    const stopPrice = String(priceFrom(bench, -40) / 10_000);
    const moved = bench.broker.replace(stop?.terms.id ?? '', patch({ stopPrice }));
    expect(moved.status).toBe('held');
    passUntilFlat(bench);
    expect(bench.book.order(moved.terms.id)?.status).toBe('filled');
    expect(group(bench, terms.id).map(([, status]) => status)).toEqual([
      'filled',
      'canceled',
      'replaced',
      'filled',
    ]);
  });

  test('of a trailing stop changes its distance from the best price', () => {
    const bench = createBench();
    bench.broker.place(anOrder());
    const { terms } = bench.broker.place(
      anOrder({ side: 'sell', kind: 'trailing_stop', trail: { unit: 'percent', millionths: 50_000 } }),
    );
    const next = bench.broker.replace(terms.id, patch({ trail: '2' }));
    expect(next.markTicks).toBe(terms.markTicks);
    expect(next.stopTicks).toBe(Math.floor((terms.markTicks ?? 0) * 0.98));
  });
});

function patch(changes: Partial<Parameters<Bench['broker']['replace']>[1]>) {
  return {
    qtyNanos: null,
    timeInForce: null,
    limitPrice: null,
    stopPrice: null,
    trail: null,
    clientOrderId: null,
    ...changes,
  };
}
