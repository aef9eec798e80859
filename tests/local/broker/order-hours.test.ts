// When orders end by the clock.
import { expect, test } from 'vitest';
import { anOrder, createBench, openExchange } from './broker-bench.ts';

const DAY_MS = 86_400_000;

test('an order that is good till canceled ends after ninety days, at 16:15 in New York', async () => {
  const first = createBench();
  const resting = { limitTicks: 1_000_000, timeInForce: 'gtc', shares: 10 } as const;
  const { id, expiresAtMs } = first.broker.place(anOrder(resting)).terms;
  // From 5 January, in winter, to 5 April, in summer, a Sunday.
  expect(new Date(expiresAtMs ?? 0).toISOString()).toBe('2026-04-05T20:15:00.000Z');
  await first.store.settled();
  const exchange = openExchange('alpaca-paper', Number(expiresAtMs) - 4 * DAY_MS);
  const { book, passToClose, passToOpen } = createBench({ journal: first.journal, exchange });
  passToOpen();
  passToClose();
  expect(new Date(exchange.clock().nowMs).toISOString()).toBe('2026-04-02T20:00:00.000Z');
  expect(book.order(id)?.status).toBe('new');
  passToOpen();
  expect(book.order(id)?.status).toBe('canceled');
});
