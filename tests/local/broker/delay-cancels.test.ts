// Cancels that take as long to arrive as orders do.
import { expect, test } from 'vitest';
import { anOrder, createBench, openExchange, SHARE } from './broker-bench.ts';

const LATENCY_MS = 50;
const restingLimit = { limitTicks: 1_000_000, timeInForce: 'gtc' } as const;

test('an order works until its cancel arrives, and cannot be cancelled twice or replaced', async () => {
  const { broker, book, store, updates, pass, refusal } = createBench({ fills: 'realistic' });
  const { id } = broker.place(anOrder(restingLimit)).terms;
  pass(LATENCY_MS);
  broker.cancel(id);
  expect(book.order(id)?.status).toBe('pending_cancel');
  expect(book.reservedMicros()).toBeGreaterThan(0);
  expect(refusal(() => broker.cancel(id))).toMatchObject({
    status: 422,
    message: 'order is already in "pending_cancel" state',
  });
  const patch = { timeInForce: null, limitPrice: '99', stopPrice: null, trail: null, clientOrderId: null };
  expect(refusal(() => broker.replace(id, { qtyNanos: null, ...patch })).status).toBe(422);
  expect(broker.cancelAll()).toEqual([{ orderId: id, status: 200 }]);
  pass(LATENCY_MS - 1);
  expect(book.order(id)?.status).toBe('pending_cancel');
  pass(1);
  expect(book.order(id)?.status).toBe('canceled');
  expect(book.reservedMicros()).toBe(0);
  await store.settled();
  expect(updates.map(({ event }) => event)).toEqual(['new', 'pending_cancel', 'canceled']);
});

test('a fill that comes first wins', () => {
  const { broker, book, pass } = createBench({ fills: 'realistic' });
  const { id } = broker.place(anOrder({ shares: 1 })).terms;
  broker.cancel(id);
  pass(5_000);
  expect(book.order(id)).toMatchObject({ status: 'filled', filledNanos: SHARE });
});

test('an entry that fills before its cancel arrives has its exits', () => {
  const { broker, book, pass } = createBench({ fills: 'realistic' });
  const bracket = {
    takeProfit: { limitTicks: 90_000_000 },
    stopLoss: { stopTicks: 10_000, limitTicks: null },
  };
  const { id } = broker.place(anOrder({ shares: 1, orderClass: 'bracket', ...bracket })).terms;
  broker.cancel(id);
  pass(5_000);
  expect(book.group(id).map(({ status }) => status)).toEqual(['filled', 'new', 'held']);
});

test('closing everything does not wait', () => {
  const { broker, book, pass } = createBench({ fills: 'realistic' });
  broker.place(anOrder({ shares: 5 }));
  pass(5_000);
  const { id } = broker.place(anOrder({ side: 'sell', shares: 5, limitTicks: 90_000_000 })).terms;
  pass(5_000);
  broker.withdrawAll();
  expect(book.order(id)?.status).toBe('canceled');
  expect(broker.closeAllPositions()).toMatchObject([{ kind: 'ordered', symbol: 'AAPL' }]);
});

test('a cancel that was on its way when the broker stopped is carried out at its next start', async () => {
  const first = createBench({ fills: 'realistic' });
  const { id } = first.broker.place(anOrder(restingLimit)).terms;
  first.pass(LATENCY_MS);
  first.broker.cancel(id);
  await first.store.settled();
  const exchange = openExchange('realistic', first.exchange.clock().nowMs);
  const again = createBench({ journal: first.journal, exchange });
  expect(again.book.order(id)?.status).toBe('canceled');
});
