import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type Fault, seededFaults } from '../support/fault-proxy-faults.ts';

const body = 'x'.repeat(100_000);
let target: Server;
let served: string[];
let proxy: FaultProxy;

beforeEach(async () => {
  served = [];
  target = createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk: Buffer) => (sent += chunk.toString()));
    request.on('end', () => {
      served.push(`${request.method} ${request.url} ${sent}`);
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultProxy(`http://127.0.0.1:${(target.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => target.close(resolve));
});

function spoil(fault: Fault): void {
  proxy.setPlan(() => fault);
}

async function read(path = '/', init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${proxy.url}${path}`, init);
  return response.text();
}

test('passes everything on when nothing is to be spoilt', async () => {
  expect(await read('/a?b=c', { method: 'POST', body: 'question' })).toBe(body);
  expect(served).toEqual(['POST /a?b=c question']);
});

test('refuses to stand in front of another machine', async () => {
  await expect(startFaultProxy('http://10.0.0.1:80')).rejects.toThrow('127.0.0.1 only');
  await expect(startFaultProxy('https://127.0.0.1:80')).rejects.toThrow('127.0.0.1 only');
});

test('answers a status by itself, with or without the time to come back', async () => {
  spoil({ kind: 'status', status: 429, retryAfterS: 2 });
  const limited = await fetch(proxy.url);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
  expect(await limited.json()).toMatchObject({ code: 429 });
  spoil({ kind: 'status', status: 503 });
  const busy = await fetch(proxy.url);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, null]);
  await busy.text();
  expect(served).toEqual([]);
});

test('delays', async () => {
  spoil({ kind: 'delay', delayMs: 150 });
  const startedAt = performance.now();
  expect(await read()).toBe(body);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145);
});

test('resets before and within an answer', async () => {
  spoil({ kind: 'reset', afterBytes: 0 });
  await expect(read()).rejects.toThrow();
  spoil({ kind: 'reset', afterBytes: 1_000 });
  const response = await fetch(proxy.url);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('cuts an answer short in good order', async () => {
  spoil({ kind: 'truncate', afterBytes: 1_000 });
  expect(await read()).toBe(body.slice(0, 1_000));
});

test('goes silent within an answer and leaves the connection open', async () => {
  spoil({ kind: 'half-open', afterBytes: 1_000 });
  const response = await fetch(proxy.url);
  const reader = response.body?.getReader();
  let got = 0;
  while (got < 1_000) got += (await reader?.read())?.value?.length ?? 0;
  const next = await Promise.race([
    reader?.read().then(() => 'more'),
    new Promise((resolve) => setTimeout(() => resolve('silence'), 200)),
  ]);
  expect([got, next]).toEqual([1_000, 'silence']);
  await reader?.cancel();
});

test('ends an answer late', async () => {
  spoil({ kind: 'slow close', delayMs: 150 });
  const startedAt = performance.now();
  expect(await read()).toBe(body);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145);
});

test('loses the answer to what the target has done', async () => {
  spoil({ kind: 'answer lost', how: 'reset' });
  await expect(read('/create', { method: 'POST' })).rejects.toThrow();
  expect(served).toEqual(['POST /create ']);
  spoil({ kind: 'answer lost', how: 'silence' });
  await expect(read('/again', { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  expect(served).toEqual(['POST /create ', 'GET /again ']);
});

test('plays an outage and its end', async () => {
  proxy.setOutage('refused');
  await expect(read()).rejects.toThrow();
  proxy.setOutage('silent');
  await expect(read('/', { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  proxy.setOutage(null);
  expect(await read()).toBe(body);
  expect(served).toHaveLength(1);
});

test('carries WebSockets, and cuts them', async () => {
  const sockets = new WebSocketServer({ server: target });
  sockets.on('connection', (socket) => socket.on('message', () => socket.send('heard')));
  const socket = new WebSocket(proxy.url.replace('http', 'ws'));
  let heard = 0;
  let closed = false;
  socket.on('error', () => undefined);
  socket.on('open', () => socket.send('one'));
  socket.on('message', () => (heard += 1));
  socket.on('close', () => (closed = true));
  await vi.waitFor(() => expect(heard).toBe(1));
  proxy.cutAll();
  await vi.waitFor(() => expect(closed).toBe(true));
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0));
  sockets.close();
});

test('chooses the same faults for the same seed, and a bounded number', () => {
  const choose = (seed: number): string[] => {
    const plan = seededFaults({
      seed,
      probability: 0.5,
      mostPerRoute: 3,
      faults: () => [
        { kind: 'reset', afterBytes: 0 },
        { kind: 'status', status: 500 },
      ],
    });
    return Array.from({ length: 20 }, (_, index) => plan({ method: 'GET', route: '/', nth: index + 1 }).kind);
  };
  expect(choose(1)).toEqual(choose(1));
  expect(new Set([1, 2, 3, 4].map((seed) => choose(seed).join())).size).toBeGreaterThan(1);
  expect(choose(1).filter((kind) => kind !== 'none')).toHaveLength(3);
});
