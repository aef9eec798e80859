// Both local services as the host runs them: in a child process.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Sandbox } from 'e2b';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LocalServicesConfig } from '../../electron/contract/local-services.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { connectClient } from './broker/open-broker.ts';
import { buildBackend, forkBackend, removeBackend } from './start-backend.ts';

let backend: string;
beforeAll(async () => {
  backend = await buildBackend();
}, 60_000);
afterAll(removeBackend);

function config(
  dataDir: string,
  market: LocalServicesConfig['market'] = { source: 'simulator', seed: 1, speed: 60 },
) {
  return LocalServicesConfig.parse({ dataDir, market, isolation: 'off' });
}

test('both services answer with the keys of this start, and a stop ends the process in order', async () => {
  const { start, send, exited } = forkBackend(backend);
  const ready = await start(config(temporaryDirectory()));
  expect(ready).toMatchObject({
    isolation: 'not isolated',
    isolationDetail: expect.stringMatching(/^not isolated: it is switched off;/),
    market: { source: 'simulator', timeframe: '1Min', barMs: 1_000 },
  });
  const account = await connectClient(ready.brokerUrl, ready).trading.account.getAccount();
  expect(account.cash).toBe('100000');
  const { keyId, secret } = ready;
  await expect(
    connectClient(ready.brokerUrl, { keyId, secret: `${secret}x` }).trading.account.getAccount(),
  ).rejects.toMatchObject({ status: 401 });
  const sandbox = await Sandbox.create({
    apiUrl: ready.sandboxUrl,
    sandboxUrl: ready.sandboxUrl,
    apiKey: ready.e2bApiKey,
  });
  expect((await sandbox.commands.run('echo here')).stdout).toBe('here\n');
  send({ kind: 'stop' });
  expect(await exited()).toBe(0);
});

test('listens on the loopback interface only', async () => {
  const { start, child } = forkBackend(backend);
  await start(config(temporaryDirectory()));
  const addresses = listeningAddresses(child.pid ?? 0);
  expect(addresses.length).toBeGreaterThanOrEqual(2);
  // 127.0.0.1 as the kernel writes it.
  expect(new Set(addresses)).toEqual(new Set(['0100007F']));
});

/** The local addresses of the TCP sockets on which a process listens, in the kernel's notation. */
function listeningAddresses(pid: number): string[] {
  const inodes = new Set<string | undefined>();
  for (const entry of readdirSync(`/proc/${pid}/fd`)) {
    inodes.add(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${entry}`))?.[1]);
  }
  const listening = '0A';
  const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8'));
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening && inodes.has(fields[9]))
    .map((fields) => String(fields[1]).split(':')[0] ?? '');
}

test('keeps the account when the process is killed outright', async () => {
  const dataDir = temporaryDirectory();
  const first = forkBackend(backend);
  const before = await first.start(config(dataDir));
  const client = connectClient(before.brokerUrl, before);
  const placed = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      client.trading.orders.market({ symbol: 'AAPL', qty: 1, side: 'buy', clientOrderId: `agent-${index}` }),
    ),
  );
  const resting = await client.trading.orders.limit({
    symbol: 'MSFT',
    qty: 1,
    side: 'buy',
    limitPrice: 1,
    timeInForce: 'gtc',
  });
  const account = await client.trading.account.getAccount();
  first.child.kill('SIGKILL');
  await first.exited();
  const again = await forkBackend(backend).start(config(dataDir));
  const reader = connectClient(again.brokerUrl, again).trading;
  expect(await reader.account.getAccount()).toMatchObject({ id: account.id, cash: account.cash });
  expect(await reader.positions.getOpenPosition({ symbolOrAssetId: 'AAPL' })).toMatchObject({ qty: '20' });
  const orders = await reader.orders.getAllOrders({ status: 'all', limit: 500 });
  const filled = orders.filter(({ status }) => status === 'filled').map(({ id }) => id);
  expect(new Set(filled)).toEqual(new Set(placed.map(({ id }) => id)));
  expect(orders.find(({ id }) => id === resting.id)).toMatchObject({ status: 'new' });
  expect([again.keyId, again.secret]).not.toContain(before.keyId);
  expect(again.secret).not.toBe(before.secret);
});

test('reports a start that fails and exits with 1', async () => {
  const { start, exited } = forkBackend(backend);
  const market = { source: 'replay', file: '/nowhere/bars.csv', barsPerSecond: 1 } as const;
  await expect(start(config(temporaryDirectory(), market))).rejects.toThrow(
    /^MARKET_FILE_INVALID: \/nowhere\/bars.csv does not exist/,
  );
  expect(await exited()).toBe(1);
});

test('refuses a first message that it does not understand', async () => {
  const { child, answer, exited } = forkBackend(backend);
  const answered = answer();
  child.send({ kind: 'start', config: { dataDir: '' } });
  expect(await answered).toMatchObject({ kind: 'failed', code: 'INVALID_INPUT' });
  expect(await exited()).toBe(1);
});

test.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s', async (signal) => {
  const { start, child, exited } = forkBackend(backend);
  await start(config(temporaryDirectory()));
  child.kill(signal);
  expect(await exited()).toBe(0);
});

test('a stop that comes during the start ends the process in order', async () => {
  const { send, exited } = forkBackend(backend);
  send({ kind: 'start', config: config(temporaryDirectory()) });
  send({ kind: 'stop' });
  expect(await exited()).toBe(0);
});

test('ends when its parent is gone, and leaves the account to the next', async () => {
  const dataDir = temporaryDirectory();
  const { start, child, exited } = forkBackend(backend);
  await start(config(dataDir));
  child.disconnect();
  const next = await forkBackend(backend).start(config(dataDir));
  expect(next.market.symbols).toContain('AAPL');
  expect(await exited()).toBe(0);
});

test('works over the parent port of Electron as over a fork', async () => {
  const { openParentChannel } = await import('../../electron/local/parent-channel.ts');
  const sent: unknown[] = [];
  const listeners = new Map<string, (event: unknown) => void>();
  const port = {
    postMessage: (message: unknown) => sent.push(message),
    on: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
  };
  Reflect.set(process, 'parentPort', port);
  try {
    const channel = openParentChannel();
    const received = vi.fn<(message: unknown) => void>();
    const gone = vi.fn<() => void>();
    channel.onMessage(received);
    channel.onGone(gone);
    await channel.send({ kind: 'ready' });
    listeners.get('message')?.({ data: { kind: 'stop' }, ports: [] });
    listeners.get('close')?.(undefined);
    expect(sent).toEqual([{ kind: 'ready' }]);
    expect(received.mock.calls).toEqual([[{ kind: 'stop' }]]);
    expect(gone).toHaveBeenCalledOnce();
  } finally {
    Reflect.deleteProperty(process, 'parentPort');
  }
});
