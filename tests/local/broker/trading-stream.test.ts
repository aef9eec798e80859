// The trading stream frame by frame, and what the client hides of the REST side.
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { keys, openBroker, request } from './open-broker.ts';

interface Frame {
  readonly isBinary: boolean;
  readonly message: unknown;
}

async function connect(url: string) {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) =>
    frames.push({ isBinary, message: JSON.parse(data.toString()) }),
  );
  await new Promise((resolve) => socket.on('open', resolve));
  async function ask(message: unknown): Promise<unknown> {
    const before = frames.length;
    socket.send(JSON.stringify(message));
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(before), 5_000);
    return frames[before]?.message;
  }
  return { socket, frames, ask };
}

const authorized = { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } };

test('takes both forms of authentication and confirms the streams listened to', async () => {
  const { tradingStreamUrl } = await openBroker();
  const older = await connect(tradingStreamUrl);
  expect(
    await older.ask({ action: 'authenticate', data: { key_id: keys.keyId, secret_key: keys.secret } }),
  ).toEqual(authorized);
  const newer = await connect(tradingStreamUrl);
  expect(await newer.ask({ action: 'auth', key: keys.keyId, secret: keys.secret })).toEqual(authorized);
  expect(await newer.ask({ action: 'listen', data: { streams: ['trade_updates'] } })).toEqual({
    stream: 'listening',
    data: { streams: ['trade_updates'] },
  });
});

test('refuses to listen without authentication, and wrong keys for good', async () => {
  const { tradingStreamUrl } = await openBroker();
  const { ask, socket } = await connect(tradingStreamUrl);
  const listen = { action: 'listen', data: { streams: ['trade_updates'] } };
  expect(await ask(listen)).toEqual({
    stream: 'authorization',
    data: { status: 'unauthorized', action: 'listen' },
  });
  expect(await ask({ action: 'auth', key: keys.keyId, secret: 'wrong' })).toEqual({
    stream: 'authorization',
    data: { status: 'unauthorized', action: 'authenticate' },
  });
  await vi.waitFor(() => expect(socket.readyState).toBe(WebSocket.CLOSED), 5_000);
});

test('sends updates in binary frames to who listens, and none after an empty list', async () => {
  const { tradingStreamUrl, url } = await openBroker();
  const { ask, frames } = await connect(tradingStreamUrl);
  await ask({ action: 'auth', key: keys.keyId, secret: keys.secret });
  await ask({ action: 'listen', data: { streams: ['trade_updates'] } });
  const order = JSON.stringify({
    symbol: 'AAPL',
    qty: '1',
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
  });
  const post = () => request(url, '/v2/orders', order);
  expect((await post()).status).toBe(200);
  await vi.waitFor(() => expect(frames).toHaveLength(4), 5_000);
  expect(frames.every(({ isBinary }) => isBinary)).toBe(true);
  const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(frames[3]?.message).toMatchObject({
    stream: 'trade_updates',
    data: {
      event: 'fill',
      execution_id: uuid,
      qty: '1',
      position_qty: '1',
      order: { id: uuid, filled_qty: '1' },
    },
  });
  await ask({ action: 'listen', data: { streams: [] } });
  await post();
  await ask({ action: 'listen', data: { streams: [] } });
  expect(frames).toHaveLength(6);
});

test('answers 401 without keys, with a request id and the rate limit', async () => {
  const { url } = await openBroker();
  const answer = await fetch(`${url}/v2/account`);
  expect([answer.status, await answer.json()]).toEqual([401, { message: 'unauthorized.' }]);
  expect(answer.headers.get('X-Request-ID')).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.get('X-RateLimit-Limit')).toBe('600000');
  const remaining = async () =>
    Number((await request(url, '/v2/clock')).headers.get('X-RateLimit-Remaining'));
  expect((await remaining()) - (await remaining())).toBe(1);
});

test('refusals carry the facts that the client does not surface', async () => {
  const { url } = await openBroker();
  const order = (body: object) => request(url, '/v2/orders', JSON.stringify(body));
  const limit = {
    symbol: 'AAPL',
    qty: '1',
    side: 'buy',
    type: 'limit',
    time_in_force: 'day',
    limit_price: '1',
  };
  const resting = await (await order(limit)).json();
  const wash = await order({ ...limit, side: 'sell', type: 'market', limit_price: undefined });
  expect([wash.status, await wash.json()]).toEqual([
    403,
    {
      code: 40310000,
      message: 'potential wash trade detected. use complex orders',
      existing_order_id: resting.id,
      reject_reason: 'opposite side limit order exists',
    },
  ]);
  const poor = await order({ ...limit, qty: '1000000' });
  expect(await poor.json()).toMatchObject({ code: 40310000, buying_power: '199999', cost_basis: '1000000' });
  const malformed = await order({ symbol: 'AAPL' });
  expect([malformed.status, (await malformed.json()).code]).toEqual([422, 40010001]);
  const broken = await request(url, '/v2/orders', '{');
  expect(broken.status).toBe(400);
  const unknown = await request(url, '/v2/nonsense');
  expect([unknown.status, (await unknown.json()).code]).toEqual([404, 40410000]);
});
