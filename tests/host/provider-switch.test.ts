import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, type MockInstance, onTestFinished, test, vi } from 'vitest';
import type { ProviderTarget } from '../../electron/host/sandboxes/provider-target.ts';
import { createProviderSwitch, type ProviderSwitch } from '../../electron/host/provider-switch.ts';
import type { Fleet } from '../../electron/host/sandboxes/fleet.ts';
import type { SandboxProvider } from '../../electron/host/sandboxes/provider.ts';
import { fileVault } from '../../electron/host/sealed-key.ts';
import { openSecrets } from '../../electron/host/secrets.ts';
import { openSettings, type SettingsFile } from '../../electron/host/settings.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import type { Journal } from '../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from '../local/broker/memory-journal.ts';
import { apiKey, openRuntime } from '../local/sandboxes/open-runtime.ts';
import { silent, testClock } from '../support/fleet-bench.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const wrongKey = 'e2b_this-key-is-wrong';

interface Bench {
  readonly provider: ProviderSwitch;
  readonly store: Store;
  readonly settingsFile: SettingsFile;
  /** Slots that the fleet says are alive. */
  readonly alive: object[];
  /** What the fleet was given last. */
  current(): SandboxProvider | null;
  readonly logged: unknown[];
}

async function createBench(environmentKey?: string): Promise<Bench> {
  const directory = temporaryDirectory();
  const store = createStore(createMemoryJournal() as MemoryJournal & Journal, silent, () => undefined);
  const settingsFile = openSettings(directory);
  const alive: object[] = [];
  const logged: unknown[] = [];
  let current: SandboxProvider | null = null;
  const fleet: Partial<Fleet> = {
    setProvider: (provider) => {
      current = provider;
    },
    aliveSlots: () => alive as ReturnType<Fleet['aliveSlots']>,
    reap: async () => (await current?.list({ desk: 'd' }))?.map((listed) => listed.sandboxId) ?? [],
  };
  const log = (detail: object): void => void logged.push(detail);
  const provider = createProviderSwitch({
    settingsFile,
    secrets: openSecrets({ file: join(directory, 'secrets.json'), environmentKey, vault: fileVault }),
    store,
    clock: testClock,
    log: { info: log, warn: log, error: log },
    fleet: fleet as Fleet,
  });
  await provider.connect({ url: 'http://127.0.0.1:9', apiKey: 'local' });
  return { provider, store, settingsFile, alive, logged, current: () => current };
}

/** An E2B of one's own: the real protocol on loopback. */
async function openSelfHosted(): Promise<{ target: ProviderTarget; count(): Promise<number> }> {
  const { runtime, client, close } = await openRuntime({ isolation: 'off' });
  onTestFinished(close);
  return {
    target: { kind: 'e2b', plan: 'hobby', apiUrl: runtime.url, sandboxUrl: runtime.url },
    count: async () => (await client.Sandbox.list().nextItems()).length,
  };
}

async function serve(answer: RequestListener): Promise<ProviderTarget> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { kind: 'e2b', apiUrl: url, sandboxUrl: url };
}

/** Fails every attempt to connect, before a name is looked up. */
function forbidConnections(): MockInstance<Socket['connect']> {
  const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(() => {
    throw new Error('no connection may be opened in this test');
  });
  onTestFinished(() => connect.mockRestore());
  return connect;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function refusal(call: Promise<unknown>): Promise<Error & { code?: string }> {
  return call.then(
    () => new Error('it was not refused'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
}

describe('a self-hosted E2B on this machine', () => {
  test('is tested by listing alone, and used from then on', async () => {
    const { provider, current, settingsFile, store } = await createBench();
    const { target, count } = await openSelfHosted();
    const tested = await provider.test({ ...target, key: apiKey });
    expect(tested).toMatchObject({ ok: true, address: target.apiUrl, sandboxes: 0 });
    expect(tested.tookMs).toBeGreaterThan(0);
    expect(current()?.name).toBe('local');

    const view = await provider.use({ ...target, key: apiKey });
    expect(view).toMatchObject({
      address: target.apiUrl,
      keySource: 'stored',
      limits: { concurrent: 20, createsPerSecond: 1, maxSessionMs: 3_600_000 },
    });
    expect(settingsFile.read().provider).toMatchObject({ kind: 'e2b', apiUrl: target.apiUrl });
    expect(store.state().provider).toMatchObject({ kind: 'e2b', plan: 'hobby' });
    expect(await count()).toBe(0);
    const made = await current()?.create({ template: 'base', metadata: {}, timeoutMs: 60_000 });
    expect(await made?.exec('echo $((6 * 7))')).toMatchObject({ exitCode: 0, stdout: '42\n' });
    expect(await provider.test({})).toMatchObject({ sandboxes: 1 });
  });

  test('is connected again at the next start', async () => {
    const { provider, current, store } = await createBench();
    const { target } = await openSelfHosted();
    await provider.use({ ...target, key: apiKey });
    provider.disconnect();
    expect(current()).toBeNull();
    await provider.connect({ url: 'http://127.0.0.1:9', apiKey: 'local' });
    expect(current()?.name).toBe('e2b');
    expect(await provider.reap()).toEqual([]);
    expect(store.state().notices).toEqual([]);
  });

  test('is left for the local one, and its plan no longer counts', async () => {
    const { provider, current } = await createBench();
    const { target } = await openSelfHosted();
    await provider.use({ ...target, key: apiKey });
    const view = await provider.use({ kind: 'local' });
    expect([current()?.name, view.address, view.limits.concurrent]).toEqual([
      'local',
      'http://127.0.0.1:9',
      100,
    ]);
  });
});

describe('a key', () => {
  test.each([
    ['given', wrongKey, undefined, 'the key that was given'],
    ['environment', undefined, wrongKey, 'E2B_API_KEY in the environment'],
  ])('from "%s" that is refused is said to be from there', async (keySource, key, environment, words) => {
    const { provider } = await createBench(environment);
    const { target } = await openSelfHosted();
    const error = await refusal(provider.test({ ...target, ...(key === undefined ? {} : { key }) }));
    expect(error).toMatchObject({ code: 'PROVIDER_KEY_REFUSED', detail: { keySource } });
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/E2B_API_KEY.*Settings, Sandboxes.*provider-use --key-stdin/);
  });

  test('that is stored and refused is said to be the stored one', async () => {
    const { provider, current } = await createBench();
    const { target } = await openSelfHosted();
    await provider.use({ ...target, key: wrongKey });
    await expect(current()?.list({})).rejects.toMatchObject({
      code: 'PROVIDER_KEY_REFUSED',
      message: expect.stringContaining('refused the stored key'),
    });
  });

  test('that is missing keeps the desk on the provider before', async () => {
    const { provider, current, settingsFile } = await createBench();
    const { target } = await openSelfHosted();
    expect(await refusal(provider.use(target))).toMatchObject({ code: 'PROVIDER_KEY_MISSING' });
    expect([current()?.name, settingsFile.read().provider]).toEqual(['local', { kind: 'local' }]);
  });

  test('that is forgotten leaves a desk that runs, says why it has no sandboxes, and is mended by a key', async () => {
    const { provider, current, store } = await createBench();
    const { target } = await openSelfHosted();
    await provider.use({ ...target, key: apiKey });
    expect(await provider.forgetKey()).toEqual({ forgotten: true, keySource: 'none' });
    expect(await refusal(current()?.list({}) ?? Promise.resolve())).toMatchObject({
      code: 'PROVIDER_KEY_MISSING',
    });
    expect(await provider.reap()).toEqual([]);
    expect(store.state().notices.map((notice) => [notice.noticeId, notice.severity])).toContainEqual([
      'provider-unusable',
      'critical',
    ]);
    await provider.use({ key: apiKey });
    expect(await current()?.list({})).toEqual([]);
    expect(store.state().notices).toEqual([]);
  });

  test('that the provider repeats in its failures is not repeated by the desk', async () => {
    const { provider, current, store, logged } = await createBench();
    for (const status of [400, 401, 403, 429, 500, 503]) {
      const target = await serve((request, response) => {
        const message = `no luck with ${request.headers['x-api-key']?.toString()}`;
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code: status, message }));
      });
      const error = await refusal(provider.test({ ...target, key: wrongKey }));
      expect(error.message).not.toBe('it was not refused');
      expect(inspect(error, { depth: 9 })).not.toContain(wrongKey);
      await provider.use({ ...target, key: wrongKey });
      await provider.reap();
      expect(inspect(await refusal(current()?.list({}) ?? Promise.resolve()), { depth: 9 })).not.toContain(
        wrongKey,
      );
      expect(logged.length).toBeGreaterThan(0);
      expect(inspect([logged, store.state(), await provider.show()], { depth: 12 })).not.toContain(wrongKey);
    }
  });
});

describe('an address', () => {
  test('outside this machine is refused in DEMO before anything is looked up or sent', async () => {
    const { provider, settingsFile, current } = await createBench();
    const { target } = await openSelfHosted();
    const connect = forbidConnections();
    const outside: ProviderTarget[] = [
      { kind: 'e2b', key: apiKey },
      { kind: 'e2b', domain: 'e2b.example.com', key: apiKey },
      { ...target, sandboxUrl: 'https://sandbox.e2b.app', key: apiKey },
      { ...target, apiUrl: 'http://127.0.0.1.example.com', key: apiKey },
      { ...target, apiUrl: 'http://0.0.0.0:80', key: apiKey },
    ];
    for (const choice of outside)
      for (const call of [provider.test, provider.use]) {
        const error = await refusal(call(choice));
        expect(error).toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
        expect(error.message).toMatch(/^DEMO reaches this machine only, not http.*PAPER or LIVE mode/);
      }
    expect(connect).not.toHaveBeenCalled();
    expect([current()?.name, settingsFile.read().provider.kind]).toEqual(['local', 'local']);
    expect((await provider.show()).keySource).toBe('none');

    // Not so where it is allowed: the same call opens a connection.
    expect((await refusal(provider.test({ ...target, key: apiKey }))).message).toContain('no connection');
    expect(connect).toHaveBeenCalled();
  });

  test('that was written into the settings is refused in DEMO all the same', async () => {
    const { provider, settingsFile, current, store } = await createBench(apiKey);
    settingsFile.change({ provider: { kind: 'e2b', plan: 'pro', domain: 'e2b.app' } });
    const connect = forbidConnections();
    await provider.connect({ url: 'http://127.0.0.1:9', apiKey: 'local' });
    expect(await provider.reap()).toEqual([]);
    expect(await refusal(current()?.list({}) ?? Promise.resolve())).toMatchObject({
      code: 'FORBIDDEN_ADDRESS',
      message: expect.stringContaining('https://api.e2b.app'),
    });
    expect(store.state().notices).toMatchObject([{ detail: expect.stringContaining('DEMO reaches') }]);
    expect(connect).not.toHaveBeenCalled();
  });

  test('in the environment of the SDK moves nothing', async () => {
    const { target } = await openSelfHosted();
    let strayed = 0;
    const other = await serve((_, response) => {
      strayed += 1;
      response.end('[]');
    });
    for (const name of ['E2B_API_URL', 'E2B_SANDBOX_URL']) vi.stubEnv(name, other.apiUrl);
    vi.stubEnv('E2B_DEBUG', 'true');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { provider, current } = await createBench();
    await provider.use({ ...target, key: apiKey });
    const made = await current()?.create({ template: 'base', metadata: {}, timeoutMs: 60_000 });
    expect(made?.sandboxId).not.toBe('debug_sandbox_id');
    expect(strayed).toBe(0);
  });

  test('where nothing listens is named', async () => {
    const { provider } = await createBench();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const error = await refusal(provider.test({ kind: 'e2b', apiUrl: url, sandboxUrl: url, key: apiKey }));
    expect(error).toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
      message: expect.stringContaining(
        `nothing listens at the address (connect ECONNREFUSED 127.0.0.1:${port})`,
      ),
    });
  });

  test('that does not speak TLS is named', async () => {
    const { provider } = await createBench();
    const { apiUrl = '' } = await serve((_, response) => response.end());
    const url = apiUrl.replace('http:', 'https:');
    expect(
      await refusal(provider.test({ kind: 'e2b', apiUrl: url, sandboxUrl: url, key: apiKey })),
    ).toMatchObject({ code: 'SANDBOX_UNAVAILABLE', message: expect.stringContaining('does not speak TLS') });
  });

  test('that never answers is given up', { timeout: 30_000 }, async () => {
    const { provider } = await createBench();
    const target = await serve(() => undefined);
    expect(await refusal(provider.test({ ...target, key: apiKey }))).toMatchObject({ code: 'TIMED_OUT' });
  });

  test('given without its other half is refused', async () => {
    const { provider } = await createBench();
    const error = await refusal(provider.use({ kind: 'e2b', apiUrl: 'http://127.0.0.1:9', key: apiKey }));
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('give both or none'),
    });
  });
});

test('a lease longer than the plan allows names the plan', async () => {
  const { provider, current } = await createBench();
  const target = await serve((_, response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"code":400,"message":"Timeout cannot be greater than 1 hours"}'),
  );
  await provider.use({ ...target, key: apiKey });
  await expect(
    current()?.create({ template: 'base', metadata: {}, timeoutMs: 7_200_000 }),
  ).rejects.toMatchObject({
    code: 'PROVIDER_PLAN_EXCEEDED',
    message: expect.stringMatching(/greater than 1 hours.*provider-use --plan/),
  });
});

test('while sandboxes are alive neither provider nor key is changed', async () => {
  const { provider, alive, current } = await createBench();
  const { target } = await openSelfHosted();
  alive.push({});
  for (const call of [provider.use({ ...target, key: apiKey }), provider.use({ key: apiKey })])
    expect(await refusal(call)).toMatchObject({ code: 'PROVIDER_IN_USE', detail: { alive: 1 } });
  expect(current()?.name).toBe('local');
  expect((await provider.show()).keySource).toBe('none');
});
