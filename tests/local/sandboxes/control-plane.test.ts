import { E2B, AuthenticationError, RateLimitError, SandboxNotFoundError } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey, type OpenRuntime, openRuntime } from './open-runtime.ts';

let open: OpenRuntime;
beforeAll(async () => {
  open = await openRuntime();
});
afterAll(() => open.close());

async function listIds(query: object): Promise<string[]> {
  const ids: string[] = [];
  const pages = open.client.Sandbox.list(query);
  while (pages.hasNext) ids.push(...(await pages.nextItems()).map((item) => item.sandboxId));
  return ids;
}

describe('the control plane, called by the SDK', () => {
  test('creates a sandbox that can be connected to, looked up and killed once', async () => {
    const { Sandbox } = open.client;
    const created = await Sandbox.create({ metadata: { fleet: 'one' }, timeoutMs: 60_000 });
    const connected = await Sandbox.connect(created.sandboxId);
    expect((await connected.commands.run('echo "$E2B_SANDBOX_ID"')).stdout.trim()).toBe(created.sandboxId);

    const info = await created.getInfo();
    expect(info).toMatchObject({
      templateId: 'base',
      state: 'running',
      metadata: { fleet: 'one' },
      envdVersion: '0.6.13',
    });
    expect(await created.isRunning()).toBe(true);
    expect(await created.kill()).toBe(true);
    expect(await created.kill()).toBe(false);
    expect(await created.isRunning()).toBe(false);
    await expect(Sandbox.connect(created.sandboxId)).rejects.toThrow(SandboxNotFoundError);
    await expect(created.getInfo()).rejects.toThrow(SandboxNotFoundError);
  });

  test('lists newest first, by metadata with any characters, in pages', async () => {
    const { Sandbox } = open.client;
    const mark = { 'fleet & co': 'a=b c%20d', page: 'yes' };
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      made.push((await Sandbox.create({ metadata: { ...mark, nth: String(count) } })).sandboxId);
    }
    const newestFirst = [...made].reverse();
    // Creations within the same millisecond are ordered by id.
    expect((await listIds({ query: { metadata: mark } })).toSorted()).toEqual(newestFirst.toSorted());
    expect(await listIds({ query: { metadata: mark }, limit: 2 })).toEqual(
      await listIds({ query: { metadata: mark } }),
    );
    expect(await listIds({ query: { metadata: mark }, limit: 2, order: 'asc' })).toEqual(
      (await listIds({ query: { metadata: mark } })).reverse(),
    );
    expect(await listIds({ query: { metadata: { ...mark, nth: '3' } } })).toEqual([made[3]]);
    expect(await listIds({ query: { metadata: { ...mark, nth: '9' } } })).toEqual([]);
    expect(await listIds({ query: { metadata: mark, state: ['paused'] } })).toEqual([]);
  });

  test('refuses a token of the other order', async () => {
    const { Sandbox } = open.client;
    await Promise.all([Sandbox.create(), Sandbox.create()]);
    const pages = Sandbox.list({ limit: 1, order: 'asc' });
    await pages.nextItems();
    const turned = Sandbox.list({ limit: 1, order: 'desc', nextToken: pages.nextToken ?? '' });
    await expect(turned.nextItems()).rejects.toMatchObject({ statusCode: 400 });
  });

  test('ends a sandbox when its time has passed, and setTimeout moves that in both directions', async () => {
    const sandbox = await open.client.Sandbox.create({ timeoutMs: 60_000 });
    const endBefore = (await sandbox.getInfo()).endAt.getTime();
    await sandbox.setTimeout(600_000);
    expect((await sandbox.getInfo()).endAt.getTime()).toBeGreaterThan(endBefore + 500_000);
    await sandbox.setTimeout(1_000);
    await expect.poll(() => sandbox.isRunning(), { timeout: 5_000 }).toBe(false);
    expect(await sandbox.kill()).toBe(false);
  });

  test('connect extends the life of a sandbox and never shortens it', async () => {
    const sandbox = await open.client.Sandbox.create({ timeoutMs: 300_000 });
    const endAt = async () => (await sandbox.getInfo()).endAt.getTime();
    const before = await endAt();
    await open.client.Sandbox.connect(sandbox.sandboxId, { timeoutMs: 10_000 });
    expect(await endAt()).toBe(before);
    await open.client.Sandbox.connect(sandbox.sandboxId, { timeoutMs: 900_000 });
    expect(await endAt()).toBeGreaterThan(before + 500_000);
  });

  test('refuses a wrong API key', async () => {
    const stranger = new E2B({ apiKey: 'wrong', apiUrl: open.runtime.url, sandboxUrl: open.runtime.url });
    await expect(stranger.Sandbox.create()).rejects.toThrow(AuthenticationError);
  });

  test('refuses an unknown template', async () => {
    const { Sandbox } = open.client;
    await expect(Sandbox.create('python-3')).rejects.toMatchObject({ statusCode: 404 });
  });

  test('serves the first form of create and connect too', async () => {
    const post = (path: string, body: object) =>
      fetch(`${open.runtime.url}${path}`, {
        method: 'POST',
        headers: { 'X-API-KEY': apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const created = await post('/sandboxes', { templateID: 'base', timeout: 30 });
    expect(created.status).toBe(201);
    const { sandboxID } = (await created.json()) as { sandboxID: string };
    expect(sandboxID).toMatch(/^[a-z0-9]+$/);
    expect((await post(`/sandboxes/${sandboxID}/connect`, {})).status).toBe(200);
    const malformed = await post('/sandboxes', { timeout: -1 });
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ code: 400, message: expect.stringContaining('timeout') });
  });
});

describe('the limits', () => {
  test('refuse one sandbox too many, until another is killed', async () => {
    const small = await openRuntime({ limits: { limit: 2, createsPerSecond: 100 } });
    try {
      const { Sandbox } = small.client;
      const [first] = await Promise.all([Sandbox.create(), Sandbox.create()]);
      await expect(Sandbox.create()).rejects.toThrow(RateLimitError);
      await first.kill();
      expect(await (await Sandbox.create()).isRunning()).toBe(true);
    } finally {
      await small.close();
    }
  });

  test('slow creation down with a whole number of seconds that the SDK waits for', async () => {
    const slow = await openRuntime({ limits: { limit: 10, createsPerSecond: 1 } });
    try {
      const create = () =>
        fetch(`${slow.runtime.url}/v2/sandboxes`, {
          method: 'POST',
          headers: { 'X-API-KEY': apiKey, 'content-type': 'application/json' },
          body: '{}',
        });
      expect((await create()).status).toBe(201);
      const refused = await create();
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toMatchObject({ code: 429 });
      expect(await (await slow.client.Sandbox.create()).isRunning()).toBe(true);
    } finally {
      await slow.close();
    }
  });
});
