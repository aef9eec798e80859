import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalProvider } from '../../../electron/host/sandboxes/e2b-provider.ts';
import type { SandboxProvider } from '../../../electron/host/sandboxes/provider.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The official SDK against a server that gives these answers in turn. */
async function providerAnswering(
  ...answers: Answer[]
): Promise<{ provider: SandboxProvider; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => {
      const { status, body, headers } = answers.shift() ?? { status: 500, body: {}, headers: {} };
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, provider: createLocalProvider({ url: `http://127.0.0.1:${port}`, apiKey: 'k' }) };
}

const made: Answer = {
  status: 201,
  body: { sandboxID: 'i1', templateID: 'base', clientID: 'x', envdVersion: '0.6.13', domain: null },
};
const request = { template: 'base', metadata: {}, timeoutMs: 60_000 };

test('a provider that says when to come back is asked again then', async () => {
  const slow = { status: 429, body: { code: 429, message: 'slow down' }, headers: { 'Retry-After': '1' } };
  const { provider, asked } = await providerAnswering(slow, made);
  const startedAt = performance.now();
  expect((await provider.create(request)).sandboxId).toBe('i1');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(950);
  expect(asked).toHaveLength(2);
});

test.each([
  [
    429,
    'you have reached the maximum number of concurrent E2B sandboxes (20)',
    'QUOTA_EXCEEDED',
    'raise the plan',
  ],
  [429, 'too many requests', 'RATE_LIMITED', 'slowed down'],
  [500, 'out of order', 'SANDBOX_UNAVAILABLE', 'out of order'],
])('a creation answered %d "%s" is %s', async (status, message, code, named) => {
  const { provider } = await providerAnswering({ status, body: { code: status, message } });
  await expect(provider.create(request)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(named),
  });
});

test('a sandbox that cannot be paused says so', async () => {
  const { provider } = await providerAnswering(made, {
    status: 400,
    body: { code: 400, message: 'local sandboxes cannot be paused' },
  });
  const sandbox = await provider.create(request);
  await expect(sandbox.pause()).rejects.toMatchObject({
    code: 'POOL_UNAVAILABLE',
    message: expect.stringContaining('cannot be paused'),
  });
});

test('lists running and paused sandboxes with their labels', async () => {
  const info = {
    templateID: 'base',
    clientID: 'x',
    startedAt: '2026-03-02T12:00:00Z',
    endAt: '2026-03-02T12:10:00Z',
    cpuCount: 2,
    memoryMB: 512,
    diskSizeMB: 1,
    envdVersion: '0.6.13',
    metadata: { slot: 'slot-1' },
  };
  const { provider, asked } = await providerAnswering({
    status: 200,
    body: [
      { ...info, sandboxID: 'i1', state: 'running' },
      { ...info, sandboxID: 'i2', state: 'paused' },
    ],
  });
  const endAt = Date.parse('2026-03-02T12:10:00Z');
  const startedAt = Date.parse('2026-03-02T12:00:00Z');
  const metadata = { slot: 'slot-1' };
  expect(await provider.list({ desk: 'd' })).toEqual([
    { sandboxId: 'i1', state: 'running', metadata, startedAt, endAt },
    { sandboxId: 'i2', state: 'paused', metadata, startedAt, endAt },
  ]);
  expect(asked[0]).toMatch(/state=running(,|%2C)paused/);
});

test('an address outside this machine is refused before anything is sent', () => {
  expect(() => createLocalProvider({ url: 'https://api.e2b.app', apiKey: 'k' })).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN_ADDRESS' }),
  );
});
