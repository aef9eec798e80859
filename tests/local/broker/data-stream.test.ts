// The market data stream frame by frame.
import { decode, encode } from '@msgpack/msgpack';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createDataStream, type DataStream } from '../../../electron/local/broker/data-stream.ts';
import { keys, openBroker } from './open-broker.ts';

const connected = [{ T: 'success', msg: 'connected' }];
const authenticated = [{ T: 'success', msg: 'authenticated' }];
const auth = { action: 'auth', key: keys.keyId, secret: keys.secret };

interface Client {
  readonly socket: WebSocket;
  readonly frames: unknown[];
  send(message: unknown): void;
  /** Resolves with all frames once there are so many. */
  until(count: number): Promise<unknown[]>;
  closed(): Promise<void>;
}

function connect(url: string, headers: Record<string, string> = {}): Client {
  const socket = new WebSocket(url, { headers });
  onTestFinished(() => socket.terminate());
  const frames: unknown[] = [];
  const queue: string[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) throw new Error('expected text');
    frames.push(JSON.parse(data.toString()));
  });
  socket.on('open', () => {
    for (const message of queue) socket.send(message);
  });
  return {
    socket,
    frames,
    send(message) {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else queue.push(text);
    },
    async until(count) {
      await vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(count), 5_000);
      return frames;
    },
    closed: () => vi.waitFor(() => expect(socket.readyState).toBe(WebSocket.CLOSED), 5_000),
  };
}

const error = (code: number, msg: string) => [{ T: 'error', code, msg }];

test('greets, authenticates, and answers each change with the complete list', async () => {
  const { dataStreamUrl } = await openBroker();
  const client = connect(dataStreamUrl);
  client.send(auth);
  client.send({ action: 'subscribe', bars: ['AAPL', 'MSFT'], trades: ['AAPL'] });
  client.send({ action: 'subscribe', bars: ['AAPL'] });
  client.send({ action: 'unsubscribe', bars: ['MSFT'], trades: ['AAPL'] });
  await vi.waitFor(() => expect(client.frames.filter(isSubscription)).toHaveLength(3), 5_000);
  expect(client.frames.slice(0, 2)).toEqual([connected, authenticated]);
  const none = { quotes: [], updatedBars: [], dailyBars: [], statuses: [], lulds: [], imbalances: [] };
  const both = {
    ...none,
    T: 'subscription',
    bars: ['AAPL', 'MSFT'],
    trades: ['AAPL'],
    corrections: ['AAPL'],
    cancelErrors: ['AAPL'],
  };
  expect(client.frames.filter(isSubscription)).toEqual([
    [both],
    [both],
    [{ ...none, T: 'subscription', bars: ['AAPL'], trades: [], corrections: [], cancelErrors: [] }],
  ]);
});

function isSubscription(frame: unknown): boolean {
  return JSON.stringify(frame).includes('"subscription"');
}

test('refuses by number: nonsense, no authentication, wrong keys, a second authentication', async () => {
  const { dataStreamUrl } = await openBroker();
  const client = connect(dataStreamUrl);
  client.send('nonsense');
  client.send({ action: 'subscribe', bars: ['AAPL'] });
  client.send(auth);
  await client.until(4);
  client.send(auth);
  expect(await client.until(5)).toEqual([
    connected,
    error(400, 'invalid syntax'),
    error(401, 'not authenticated'),
    authenticated,
    error(403, 'already authenticated'),
  ]);
  const stranger = connect(dataStreamUrl);
  stranger.send({ ...auth, secret: 'wrong' });
  await stranger.closed();
  expect(stranger.frames).toEqual([connected, error(402, 'auth failed')]);
});

test('authenticates by the headers of the handshake', async () => {
  const { dataStreamUrl } = await openBroker();
  const client = connect(dataStreamUrl, {
    'APCA-API-KEY-ID': keys.keyId,
    'APCA-API-SECRET-KEY': keys.secret,
  });
  expect(await client.until(2)).toEqual([connected, authenticated]);
});

test('takes 30 symbols on iex and no more, but any number on sip', async () => {
  const { dataStreamUrl } = await openBroker();
  const symbols = Array.from({ length: 31 }, (_, index) => `S${index}`);
  const iex = connect(dataStreamUrl);
  iex.send(auth);
  await iex.until(2);
  iex.send({ action: 'subscribe', bars: symbols.slice(0, 30), quotes: ['*', 'S0'] });
  iex.send({ action: 'subscribe', trades: symbols });
  await vi.waitFor(() => expect(iex.frames.filter(isControl)).toHaveLength(4), 5_000);
  expect(iex.frames.filter(isControl).slice(2)).toMatchObject([
    [{ T: 'subscription', bars: symbols.slice(0, 30), quotes: ['*', 'S0'] }],
    error(405, 'symbol limit exceeded'),
  ]);
  const sip = connect(dataStreamUrl.replace('iex', 'sip'));
  sip.send(auth);
  await sip.until(2);
  sip.send({ action: 'subscribe', trades: symbols });
  expect((await sip.until(3))[2]).toMatchObject([{ T: 'subscription', trades: symbols }]);
});

function isControl(frame: unknown): boolean {
  return /"T":"(success|subscription|error)"/.test(JSON.stringify(frame));
}

test('keeps a second connection out while the first is alive, and lets one in after it', async () => {
  const { dataStreamUrl } = await openBroker();
  const first = connect(dataStreamUrl);
  first.send(auth);
  await first.until(2);
  const second = connect(dataStreamUrl);
  second.send(auth);
  await second.closed();
  expect(second.frames).toEqual([connected, error(406, 'connection limit exceeded')]);
  first.socket.close();
  await first.closed();
  const third = connect(dataStreamUrl);
  third.send(auth);
  expect(await third.until(2)).toEqual([connected, authenticated]);
});

test('gives the place of a connection that no longer answers to its successor', async () => {
  const { dataStreamUrl } = await openBroker();
  const dead = new WebSocket(dataStreamUrl, { autoPong: false });
  onTestFinished(() => dead.terminate());
  const greeting: string[] = [];
  dead.on('message', (data: Buffer) => greeting.push(data.toString()));
  dead.on('open', () => dead.send(JSON.stringify(auth)));
  await vi.waitFor(() => expect(greeting).toHaveLength(2), 5_000);
  const successor = connect(dataStreamUrl);
  successor.send(auth);
  expect(await successor.until(2)).toEqual([connected, authenticated]);
  await vi.waitFor(() => expect(dead.readyState).toBe(WebSocket.CLOSED), 5_000);
});

/** Puts a stream behind a port of its own and gives its address. */
async function serve(stream: DataStream): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.on('listening', resolve));
  server.on('connection', (socket, request) => stream.server.emit('connection', socket, request));
  onTestFinished(() => {
    stream.close();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `ws://127.0.0.1:${address.port}`;
}

test('ends a connection that does not authenticate in time', async () => {
  const client = connect(await serve(createDataStream({ keys, symbolLimit: 30, authWithinMs: 50 })));
  await client.closed();
  expect(client.frames).toEqual([connected, error(404, 'auth timeout')]);
});

test('tells those who listen that trading in a symbol is paused, and that it goes on', async () => {
  const stream = createDataStream({ keys, symbolLimit: 30 });
  const client = connect(await serve(stream));
  client.send(auth);
  client.send({ action: 'subscribe', statuses: ['AMZN'] });
  await client.until(3);
  const atMs = Date.UTC(2026, 0, 5, 16);
  const news = { trades: [], quotes: [], bars: [], dayBar: () => null };
  for (const halted of [true, false]) {
    const statuses = ['AMZN', 'AAPL'].map((symbol) => ({ symbol, halted, atMs }));
    stream.publish({ ...news, statuses });
  }
  const [paused, resumed] = (await client.until(5)).slice(3);
  const always = { T: 's', S: 'AMZN', t: '2026-01-05T16:00:00.000Z', rc: 'LUDP', z: 'C' };
  expect(paused).toMatchObject([{ ...always, sc: 'P', sm: 'Volatility Trading Pause' }]);
  expect(resumed).toMatchObject([{ ...always, sc: 'T', sm: 'Trading Resumption' }]);
  expect([paused, resumed]).toEqual([[expect.anything()], [expect.anything()]]);
});

test('speaks msgpack with real timestamps when the handshake asks for it', async () => {
  const { dataStreamUrl } = await openBroker();
  const socket = new WebSocket(dataStreamUrl, { headers: { 'Content-Type': 'application/msgpack' } });
  onTestFinished(() => socket.terminate());
  const frames: { T: string; t: unknown }[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    expect(isBinary).toBe(true);
    frames.push(...(decode(data) as typeof frames));
  });
  socket.on('open', () => {
    socket.send(encode(auth));
    socket.send(encode({ action: 'subscribe', quotes: ['AAPL'] }));
  });
  const quote = await vi.waitUntil(() => frames.find(({ T }) => T === 'q'), 5_000);
  expect(quote.t).toBeInstanceOf(Date);
});

test('refuses an upgrade on any other path', async () => {
  const { url } = await openBroker();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v2/nyse`);
  const message = await new Promise((resolve) => socket.on('error', (reason) => resolve(reason.message)));
  expect(message).toBe('Unexpected server response: 404');
});
