import { expect, onTestFinished, test } from 'vitest';
import { createRateLimit } from '../../../electron/local/broker/rate-limit.ts';
import { createRestServer } from '../../../electron/local/broker/rest-server.ts';
import { anOrder, createBench } from './broker-bench.ts';

const keys = { keyId: 'DEMOKEY', secret: 'demo-secret' };
const headers = { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret };

function serve({ limit = 100 } = {}) {
  const bench = createBench();
  let now = 0;
  const rateLimit = createRateLimit(limit, { now: () => now });
  const server = createRestServer({ keys, store: bench.store, rateLimit });
  onTestFinished(() => server.close());
  server.post('/order', async () => bench.broker.place(anOrder()).terms);
  server.get('/orders', async () => bench.book.orders().length);
  return {
    ...bench,
    server,
    post: () => server.inject({ method: 'POST', url: '/order', headers }),
    get: () => server.inject({ method: 'GET', url: '/orders', headers }),
    setNow: (ms: number) => {
      now = ms;
    },
  };
}

test('answers no order, and shows none to anybody, before it is durable', async () => {
  const { get, post, journal, store } = serve();
  await store.settled();
  journal.hold();
  const answered: string[] = [];
  const posting = post().then(() => answered.push('post'));
  const reading = get().then(() => answered.push('get'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answered).toEqual([]);
  journal.release();
  await Promise.all([posting, reading]);
  expect(answered).toEqual(['post', 'get']);
  expect(journal.payloads().map((payload) => JSON.parse(payload).kind)).toEqual([
    'accountOpened',
    'orderAccepted',
    'orderWorking',
    'orderFilled',
  ]);
});

test('answers 500 to everything once journalling has failed', async () => {
  const { get, post, journal } = serve();
  journal.fail(new Error('no space left on device'));
  const first = await post();
  expect([first.statusCode, first.json().message]).toEqual([
    500,
    expect.stringContaining('cannot be journalled'),
  ]);
  expect((await post()).statusCode).toBe(500);
  expect((await get()).statusCode).toBe(500);
});

test('answers 429 beyond the limit until the minute is over', async () => {
  const { get, setNow } = serve({ limit: 2 });
  const status = async () => (await get()).statusCode;
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  setNow(59_999);
  expect(await status()).toBe(429);
  setNow(60_000);
  expect(await status()).toBe(200);
});

test.each(['', 'application/x-www-form-urlencoded', 'application/json'])(
  'takes a DELETE without a body whose type is given as "%s"',
  async (type) => {
    const { server } = serve();
    server.delete('/orders', async () => 'gone');
    const answer = await server.inject({
      method: 'DELETE',
      url: '/orders',
      headers: { ...headers, 'Content-Type': type },
    });
    expect([answer.statusCode, answer.body]).toEqual([200, 'gone']);
  },
);

test('refuses a body that is no JSON with 400 and the envelope', async () => {
  const { server } = serve();
  const answer = await server.inject({ method: 'POST', url: '/order', headers, body: '{"symbol":' });
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    { code: 40010000, message: 'request body format is invalid' },
  ]);
});
