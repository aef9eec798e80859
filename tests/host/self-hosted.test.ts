// The whole desk over an E2B of one's own on this machine: the real SDK, the real protocol, real runners.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openRuntime } from '../local/sandboxes/open-runtime.ts';
import { startRunningHost } from '../support/running-host.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const key = 'e2b_d34db33fd34db33f';

/** Names of the files below `directory` that hold `text`. */
function filesWith(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(directory, name);
    return lstatSync(path).isFile() && readFileSync(path).includes(text);
  });
}

test('a swarm runs on a self-hosted E2B within the plan, and the key is in one file alone', {
  timeout: 120_000,
}, async () => {
  const { runtime, client, close } = await openRuntime({ apiKey: key });
  onTestFinished(close);
  const home = temporaryDirectory();
  const logged: unknown[] = [];
  const log = (...entry: unknown[]): void => void logged.push(entry);
  const host = await startRunningHost(home, { info: log, warn: log, error: log });
  const target = { kind: 'e2b', apiUrl: runtime.url, sandboxUrl: runtime.url } as const;
  const answered: unknown[] = [];
  const keep = async (call: Promise<unknown>): Promise<void> => {
    answered.push(await call.catch((error: unknown) => error));
  };

  await keep(host.call('provider.test', { ...target, key: 'e2b_wrong' }));
  expect(answered.at(-1)).toMatchObject({ code: 'PROVIDER_KEY_REFUSED' });
  await keep(host.call('provider.use', { ...target, key }));
  expect(answered.at(-1)).toMatchObject({ keySource: 'stored', limits: { concurrent: 20 } });

  const deploy = { agent: 'momentum', count: 3, perSandbox: 3 } as const;
  expect(await host.call('swarm.preview', deploy)).toMatchObject({ sandboxLimit: 20, createsPerSecond: 1 });
  await host.call('swarm.deploy', deploy);
  const atProvider = await vi.waitFor(async () => {
    const page = await client.Sandbox.list().nextItems();
    expect(page).toHaveLength(1);
    return page[0]?.sandboxId;
  });
  const { sandboxes } = await host.call('sandboxes.list', {});
  expect(sandboxes).toMatchObject([{ sandboxId: atProvider, isolation: null }]);
  expect((await host.call('swarm.status', {})).agents.map((agent) => agent.state)).toEqual([
    'running',
    'running',
    'running',
  ]);
  await keep(host.call('provider.use', { kind: 'local' }));
  expect(answered.at(-1)).toMatchObject({ code: 'PROVIDER_IN_USE' });
  await keep(host.call('sandboxes.create', { count: 20 }));
  expect(answered.at(-1)).toMatchObject({ code: 'QUOTA_EXCEEDED' });

  await host.call('swarm.stopAll', {});
  for (const { sandboxId } of (await host.call('sandboxes.list', {})).sandboxes)
    if (sandboxId !== null) await host.call('sandboxes.destroy', { id: sandboxId });
  expect(await client.Sandbox.list().nextItems()).toEqual([]);
  for (const name of ['provider.show', 'settings.read', 'host.health'] as const)
    await keep(host.call(name, {}));
  expect(inspect([answered, logged, host.state()], { depth: 12, maxArrayLength: null })).not.toContain(key);
  expect(filesWith(home, key)).toEqual(['secrets.json']);
});
