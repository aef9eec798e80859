// Replacements that take as long to arrive as orders do.
import { expect, test } from 'vitest';
import type { OrderPatch } from '../../../electron/local/broker/parse-order-patch.ts';
import { anOrder, type Bench, createBench, openExchange, SHARE } from './broker-bench.ts';

const LATENCY_MS = 50;
const resting = { limitTicks: 1_000_000, timeInForce: 'gtc', shares: 10 } as const;
const unchanged = {
  qtyNanos: null,
  timeInForce: null,
  limitPrice: null,
  stopPrice: null,
  trail: null,
  clientOrderId: null,
};
const patch = (changes: Partial<OrderPatch>): OrderPatch => ({ ...unchanged, ...changes });
const status = ({ book }: Bench, id: string) => book.order(id)?.status;

function benchWithOrder() {
  const bench = createBench({ fills: 'realistic' });
  const { id } = bench.broker.place(anOrder(resting)).terms;
  bench.pass(LATENCY_MS);
  return { bench, id };
}

test('the old order works until its replacement arrives, and then gives it its place', async () => {
  const { bench, id } = benchWithOrder();
  const { broker, book, store, pass, refusal, updates } = bench;
  const reserved = book.reservedMicros();
  const replacement = broker.replace(id, patch({ limitPrice: '101' }));
  const { id: newId } = replacement.terms;
  expect(replacement).toMatchObject({
    status: 'pending_new',
    terms: { replacesId: id, limitTicks: 1_010_000 },
  });
  expect(book.order(id)).toMatchObject({ status: 'pending_replace', replacedById: newId });
  // The larger of the two is reserved, not both.
  expect(book.reservedMicros()).toBe(Math.round(reserved * 1.01));
  expect(refusal(() => broker.cancel(id)).message).toBe('order is already in "pending_replace" state');
  expect(refusal(() => broker.replace(id, patch({ limitPrice: '102' }))).message).toBe(
    'cannot replace order in pending_replace status',
  );
  pass(LATENCY_MS - 1);
  expect(status(bench, id)).toBe('pending_replace');
  pass(1);
  expect([status(bench, id), status(bench, newId)]).toEqual(['replaced', 'new']);
  await store.settled();
  expect(updates.map(({ event, order }) => [event, order.terms.id === id])).toEqual([
    ['new', true],
    ['pending_replace', true],
    ['replaced', true],
    ['new', false],
  ]);
});

test('of a lower and a higher price the higher is reserved until the replacement arrives', () => {
  const { bench, id } = benchWithOrder();
  const reserved = bench.book.reservedMicros();
  bench.broker.replace(id, patch({ limitPrice: '50' }));
  expect(bench.book.reservedMicros()).toBe(reserved);
  bench.pass(LATENCY_MS);
  expect(bench.book.reservedMicros()).toBe(reserved / 2);
});

test('an order that fills first keeps its place, and the replacement is rejected', async () => {
  const bench = createBench({ fills: 'realistic' });
  const { broker, exchange, store, pass, updates } = bench;
  const { id } = broker.place(anOrder({ shares: 1, limitTicks: exchange.quote('AAPL').askTicks })).terms;
  const { id: newId } = broker.replace(id, patch({ limitPrice: '1' })).terms;
  pass(5_000);
  expect([status(bench, id), status(bench, newId)]).toEqual(['filled', 'rejected']);
  expect(bench.book.order(id)?.replacedById).toBeNull();
  await store.settled();
  expect(updates.map(({ event }) => event)).toEqual([
    'new',
    'pending_replace',
    'fill',
    'order_replace_rejected',
    'rejected',
  ]);
});

test('what the old order fills in part on the way is taken off the new one', () => {
  const bench = createBench({ fills: 'realistic', cashMicros: 100_000_000_000_000 });
  const { broker, book, exchange, pass } = bench;
  const shares = 30 * exchange.quote('AAPL').askQty;
  const { id } = broker.place(anOrder({ shares, limitTicks: exchange.quote('AAPL').askTicks })).terms;
  const { id: newId } = broker.replace(id, patch({ limitPrice: '1' })).terms;
  pass(LATENCY_MS);
  const filled = book.order(id)?.filledNanos ?? 0;
  expect(filled).toBeGreaterThan(0);
  expect(book.order(newId)?.qtyNanos).toBe(shares * SHARE - filled);
  pass(LATENCY_MS);
  expect([status(bench, id), status(bench, newId)]).toEqual(['replaced', 'new']);
});

test('an order that is taken out meanwhile takes its replacement with it', () => {
  const { bench, id } = benchWithOrder();
  const { id: newId } = bench.broker.replace(id, patch({ limitPrice: '101' })).terms;
  bench.broker.withdrawAll();
  expect([status(bench, id), status(bench, newId)]).toEqual(['canceled', 'rejected']);
  bench.pass(5_000);
  expect(bench.book.openOrders()).toEqual([]);
});

test('a replacement can be canceled on its way', () => {
  const { bench, id } = benchWithOrder();
  const { id: newId } = bench.broker.replace(id, patch({ limitPrice: '101' })).terms;
  bench.broker.cancel(newId);
  expect(status(bench, newId)).toBe('pending_cancel');
  bench.pass(2 * LATENCY_MS);
  expect([status(bench, id), status(bench, newId)]).toEqual(['replaced', 'canceled']);
});

test('a replacement that was on its way when the broker stopped arrives at its next start', async () => {
  const { bench, id } = benchWithOrder();
  const { id: newId } = bench.broker.replace(id, patch({ limitPrice: '101' })).terms;
  await bench.store.settled();
  const exchange = openExchange('realistic', bench.exchange.clock().nowMs);
  const again = createBench({ journal: bench.journal, exchange });
  expect([status(again, id), status(again, newId)]).toEqual(['replaced', 'new']);
});

test('a cancel that comes too late is told to be', async () => {
  const { broker, store, updates, pass } = createBench({ fills: 'realistic' });
  broker.cancel(broker.place(anOrder({ shares: 1 })).terms.id);
  pass(5_000);
  await store.settled();
  expect(updates.map(({ event }) => event)).toEqual([
    'new',
    'pending_cancel',
    'fill',
    'order_cancel_rejected',
  ]);
});
