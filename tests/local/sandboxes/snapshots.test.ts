import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError, Sandbox as AnySandbox, SandboxError } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey, machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();

let open: OpenRuntime;
beforeAll(async () => {
  open = await openRuntime();
});
afterAll(() => open.close());

describe('a snapshot, taken by the SDK', () => {
  test('gives new sandboxes the files as they were, each its own', async () => {
    const { Sandbox } = open.client;
    const original = await Sandbox.create({ envs: { MINE: 'alone' } });
    await original.files.write('deep/in/file', 'as it was');
    await original.commands.run('ln -s deep/in/file link; chmod 750 deep; mkfifo pipe');
    const { snapshotId } = await original.createSnapshot();
    await original.files.write('deep/in/file', 'changed');
    expect(await original.isRunning()).toBe(true);

    const [first, second] = await Promise.all([Sandbox.create(snapshotId), Sandbox.create(snapshotId)]);
    await first.files.write('link', 'by the first');
    expect(await first.files.read('deep/in/file')).toBe('by the first');
    expect(await second.files.read('link')).toBe('as it was');
    expect((await second.files.getInfo('deep')).permissions).toBe('drwxr-x---');
    expect((await second.commands.run('test -p pipe && echo "pipe $MINE"')).stdout).toBe('pipe \n');
    expect((await second.getInfo()).templateId).toBe(snapshotId);
    expect(await original.files.read('deep/in/file')).toBe('changed');
  });

  test('does not stop the processes of its sandbox, and can be taken of a paused one', async () => {
    const { Sandbox } = open.client;
    const sandbox = await Sandbox.create();
    const { pid } = await sandbox.commands.run('sleep 1401', { background: true, timeoutMs: 0 });
    await sandbox.createSnapshot();
    expect((await sandbox.commands.list()).map((process) => process.pid)).toEqual([pid]);
    await sandbox.files.write('while', 'paused');
    await sandbox.pause();
    const { snapshotId } = await sandbox.createSnapshot();
    expect((await sandbox.getInfo()).state).toBe('paused');
    expect(await (await Sandbox.create(snapshotId)).files.read('while')).toBe('paused');
  });

  test('outlives its sandbox until it is deleted', async () => {
    const { Sandbox } = open.client;
    const sandbox = await Sandbox.create();
    await sandbox.files.write('file', 'outlives');
    const { snapshotId } = await sandbox.createSnapshot();
    await sandbox.kill();
    const made = await Sandbox.create(snapshotId);
    expect(await Sandbox.deleteSnapshot(snapshotId)).toBe(true);
    expect(await Sandbox.deleteSnapshot(snapshotId)).toBe(false);
    expect(await made.files.read('file')).toBe('outlives');
    await expect(Sandbox.create(snapshotId)).rejects.toMatchObject({ statusCode: 404 });
    await expect(sandbox.createSnapshot()).rejects.toThrow(NotFoundError);
    await expect(Sandbox.deleteSnapshot('base')).resolves.toBe(false);
  });

  test('has a name that the next one of that name takes over', async () => {
    const { Sandbox } = open.client;
    const sandbox = await Sandbox.create();
    const first = await sandbox.createSnapshot({ name: 'ready' });
    expect(first.names).toEqual(['ready']);
    await sandbox.files.write('mark', 'second');
    await sandbox.createSnapshot({ name: 'ready' });
    expect(await (await Sandbox.create('ready')).files.read('mark')).toBe('second');
    const listed = await Sandbox.listSnapshots({ sandboxId: sandbox.sandboxId }).nextItems();
    expect(listed.flatMap(({ names }) => names)).toEqual(['ready']);
    expect(listed.length).toBe(2);
  });

  test('is listed by its sandbox, in pages', async () => {
    const { Sandbox } = open.client;
    const sandbox = await Sandbox.create();
    const taken: string[] = [];
    for (let count = 0; count < 5; count += 1) taken.push((await sandbox.createSnapshot()).snapshotId);
    const pages = Sandbox.listSnapshots({ sandboxId: sandbox.sandboxId, limit: 2 });
    const sizes: number[] = [];
    const listed: string[] = [];
    while (pages.hasNext) {
      const items = await pages.nextItems();
      sizes.push(items.length);
      listed.push(...items.map(({ snapshotId }) => snapshotId));
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(listed.toSorted()).toEqual(taken.toSorted());
  });
});

describe('the files that tell a program where it is', () => {
  async function marksOf(sandbox: AnySandbox) {
    const read = (name: string) => sandbox.files.read(`/run/e2b/.E2B_${name}`);
    return Promise.all([read('SANDBOX'), read('SANDBOX_ID'), read('TEMPLATE_ID')]);
  }

  test('name the sandbox itself, also in one made from a snapshot', async () => {
    const { Sandbox } = open.client;
    const first = await Sandbox.create();
    expect(await marksOf(first)).toEqual(['true', first.sandboxId, 'base']);
    const { snapshotId } = await first.createSnapshot();
    const second = await Sandbox.create(snapshotId);
    expect(await marksOf(second)).toEqual(['true', second.sandboxId, snapshotId]);
  });

  test.skipIf(!isolates)(
    'are written nowhere else, whatever the snapshot made of their directory',
    async () => {
      const outside = join(open.dataDir, 'of-the-services');
      await mkdir(outside);
      const first = await open.client.Sandbox.create();
      await first.commands.run(`rm -r /run/e2b; ln -s '${outside}' /run/e2b`);
      const { snapshotId } = await first.createSnapshot();
      expect(await marksOf(await open.client.Sandbox.create(snapshotId))).toHaveLength(3);
      expect(await readdir(outside)).toEqual([]);
    },
  );
});

describe('a fork, made by the SDK', () => {
  test('is as many new sandboxes as asked for, with files, environment and metadata of the first', async () => {
    const sandbox = await open.client.Sandbox.create({ envs: { KEPT: 'yes' }, metadata: { of: 'fork' } });
    await sandbox.files.write('file', 'forked');
    const forks = (await sandbox.fork({ count: 3 })).filter((fork) => fork instanceof AnySandbox);
    expect(new Set(forks.map(({ sandboxId }) => sandboxId)).size).toBe(3);
    for (const fork of forks) {
      expect((await fork.commands.run('cat file; echo " $KEPT"')).stdout).toBe('forked yes\n');
      expect((await fork.getInfo()).metadata).toEqual({ of: 'fork' });
    }
    await forks[0]?.files.write('file', 'own');
    expect(await sandbox.files.read('file')).toBe('forked');
    await sandbox.kill();
    await expect(sandbox.fork()).rejects.toThrow(NotFoundError);
  });

  test('says for each sandbox why it was not made', async () => {
    const small = await openRuntime({ limits: { limit: 2, createsPerSecond: 100 } });
    try {
      const sandbox = await small.client.Sandbox.create();
      const forks = await sandbox.fork({ count: 3 });
      expect(forks.filter((fork) => fork instanceof AnySandbox).length).toBe(1);
      for (const error of forks.filter((fork) => fork instanceof Error))
        expect(error).toMatchObject({ message: expect.stringContaining('maximum number') });
    } finally {
      await small.close();
    }
  });
});

describe('what local sandboxes cannot do', () => {
  test('is refused, not ignored', async () => {
    const create = async (body: object) => {
      const response = await fetch(`${open.runtime.url}/v2/sandboxes`, {
        method: 'POST',
        headers: { 'X-API-KEY': apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return [response.status, ((await response.json()) as { message: string }).message];
    };
    expect(await create({ templateID: 'mcp-gateway', mcp: {} })).toEqual([
      400,
      'Failed to start MCP gateway: local sandboxes have none',
    ]);
    expect(await create({ volumeMounts: [{ name: 'v', path: '/v' }] })).toEqual([
      400,
      'local sandboxes have no volumes to mount',
    ]);
  });

  test('a sandbox with an MCP gateway is not left behind without one', async () => {
    const metadata = { asked: 'for a gateway' };
    const { Sandbox } = open.client;
    await expect(Sandbox.create({ mcp: { duckduckgo: {} }, metadata })).rejects.toThrow(
      'Failed to start MCP gateway',
    );
    expect(await Sandbox.list({ query: { metadata } }).nextItems()).toEqual([]);
  });

  test('a network cannot be changed while its sandbox is paused', async () => {
    const sandbox = await open.client.Sandbox.create();
    await sandbox.pause();
    await expect(sandbox.updateNetwork({})).rejects.toThrow(SandboxError);
  });
});
