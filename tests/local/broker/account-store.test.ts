import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createAccountBook } from '../../../electron/local/broker/account-book.ts';
import { createAccountStore, replayJournal } from '../../../electron/local/broker/account-store.ts';
import { anOrder, createBench, native } from './broker-bench.ts';
import { createMemoryJournal } from './memory-journal.ts';

test('publishes nothing before it is durable, and then in order', async () => {
  const { broker, journal, store, updates } = createBench();
  await store.settled();
  journal.hold();
  broker.place(anOrder());
  let isSettled = false;
  const settled = store.settled().then(() => {
    isSettled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(updates).toEqual([]);
  expect(isSettled).toBe(false);
  journal.release();
  await settled;
  await vi.waitFor(() => expect(updates.map(({ event }) => event)).toEqual(['new', 'fill']));
});

test('takes no further order and publishes nothing once journalling has failed', async () => {
  const { broker, journal, store, updates } = createBench();
  await store.settled();
  journal.fail(new Error('no space left on device'));
  broker.place(anOrder());
  await expect(store.settled()).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
  expect(updates).toEqual([]);
  expect(() => broker.place(anOrder())).toThrow(/takes no more orders/);
});

test('names the event of a journal that cannot be replayed', async () => {
  const journal = createMemoryJournal();
  await journal.append(['{"kind":"marketReached","marketMs":5}', '{"kind":"orderWorking"}']);
  expect(() => replayJournal(journal, createAccountBook(native.applyFill))).toThrow(
    /Event 2 of the demo account/,
  );
});

test('replays a journal longer than one page of it', async () => {
  const journal = createMemoryJournal();
  const book = createAccountBook(native.applyFill);
  const store = createAccountStore(journal, book);
  const accountId = randomUUID();
  store.record({ kind: 'accountOpened', version: 1, marketId: 'm', accountId, cashMicros: 1, marketMs: 0 });
  for (let marketMs = 1; marketMs <= 12_000; marketMs += 1) store.record({ kind: 'marketReached', marketMs });
  await store.settled();
  const again = createAccountBook(native.applyFill);
  replayJournal(journal, again);
  expect([again.account()?.id, again.marketMs()]).toEqual([accountId, 12_000]);
});
