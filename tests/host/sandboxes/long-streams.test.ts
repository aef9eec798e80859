// The limits that end idle streams (60 s by default in the SDK, 300 s between bytes in its HTTP client) do not end a runner's.
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLocalProvider } from '../../../electron/host/sandboxes/e2b-provider.ts';
import {
  type SandboxRuntime,
  startSandboxRuntime,
} from '../../../electron/local/sandboxes/start-sandbox-runtime.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';

const apiKey = 'key of this test';
/** undici's default, which the SDK keeps. */
const bodyTimeoutS = 300;
let dataDir: string;
let runtime: SandboxRuntime;
let proxy: FaultProxy;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'desk-streams-'));
  const limits = { limit: 10, createsPerSecond: 100 };
  runtime = await startSandboxRuntime({ dataDir, apiKey, isolation: 'auto', limits });
  proxy = await startFaultProxy(runtime.url);
});

afterAll(async () => {
  await proxy.close();
  await runtime.close();
  await rm(dataDir, { recursive: true, force: true });
});

const create = () =>
  createLocalProvider({ url: proxy.url, apiKey }).create({
    template: 'base',
    metadata: {},
    timeoutMs: 60_000,
  });

test('a runner is started and followed without a deadline, and with keepalives', async () => {
  const sandbox = await create();
  const process = await sandbox.start('sleep 30', () => undefined);
  const again = await sandbox.attach(process.pid, () => undefined);
  for (const route of ['/process.Process/Start', '/process.Process/Connect']) {
    const headers = proxy.log.find((logged) => logged.route === route)?.headers;
    expect(headers).not.toHaveProperty('connect-timeout-ms');
    expect(Number(headers?.['keepalive-ping-interval'])).toBeGreaterThan(0);
    expect(Number(headers?.['keepalive-ping-interval'])).toBeLessThan(bodyTimeoutS);
  }
  await process.detach();
  await again.detach();
});

test('a command of the operator keeps its deadline', async () => {
  await (await create()).exec('true');
  const headers = proxy.log.filter(({ route }) => route === '/process.Process/Start').at(-1)?.headers;
  expect(headers?.['connect-timeout-ms']).toBe('30000');
});

test('the runtime keeps a silent stream alive at the interval that was asked for', async () => {
  const sandbox = await create();
  await sandbox.exec('true');
  const heardAt: number[] = [];
  const stream = followSilence(sandbox.sandboxId, (text) => {
    for (const _ of text.matchAll(/"keepalive"/g)) heardAt.push(performance.now());
  });
  await vi.waitFor(() => expect(heardAt.length).toBeGreaterThanOrEqual(3), { timeout: 10_000 });
  stream.destroy();
  const [first = 0, , third = 0] = heardAt;
  expect(third - first).toBeGreaterThan(1_800);
  expect(third - first).toBeLessThan(5_000);
});

/** Starts a silent program as the SDK would, but asks for a keepalive each second. */
function followSilence(sandboxId: string, onText: (text: string) => void): { destroy(): void } {
  const logged = proxy.log.find(({ headers }) => headers['e2b-sandbox-id'] === sandboxId)?.headers ?? {};
  const following = request(`${runtime.url}/process.Process/Start`, {
    method: 'POST',
    headers: {
      'content-type': 'application/connect+json',
      'connect-protocol-version': '1',
      'keepalive-ping-interval': '1',
      'e2b-sandbox-id': sandboxId,
      'e2b-sandbox-port': logged['e2b-sandbox-port'],
      'x-access-token': logged['x-access-token'],
    },
  });
  const body = Buffer.from(JSON.stringify({ process: { cmd: '/bin/sleep', args: ['20'] } }));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  following.on('error', () => undefined);
  following.on('response', (answer) => answer.on('data', (chunk: Buffer) => onText(chunk.toString())));
  following.end(Buffer.concat([head, body]));
  return following;
}
