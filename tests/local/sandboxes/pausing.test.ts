import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError, RateLimitError, type Sandbox, SandboxError, TimeoutError } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey, machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();

describe.each([
  { isolation: 'auto', skip: !isolates },
  { isolation: 'off', skip: false },
] as const)('a sandbox that is paused, isolation $isolation', ({ isolation, skip }) => {
  describe.skipIf(skip)('through the SDK', () => {
    let open: OpenRuntime;
    beforeAll(async () => {
      open = await openRuntime({ isolation });
    });
    afterAll(() => open.close());

    /** Starts a program that counts in a file for as long as it runs, and returns how far it is. */
    async function startCounting(sandbox: Sandbox) {
      const counting = 'n=0; while :; do n=$((n+1)); echo $n > count; sleep 0.02; done';
      const { pid } = await sandbox.commands.run(counting, { background: true, timeoutMs: 0 });
      const count = async () => Number(await sandbox.files.read('count').catch(() => '0'));
      await expect.poll(count).toBeGreaterThan(1);
      return { pid, count };
    }

    test('says so, answers nothing, and is paused only once', async () => {
      const { Sandbox } = open.client;
      const sandbox = await Sandbox.create({ metadata: { paused: isolation } });
      expect(await sandbox.pause()).toBe(true);
      expect(await sandbox.pause()).toBe(false);
      expect((await sandbox.getInfo()).state).toBe('paused');
      expect(await sandbox.isRunning()).toBe(false);
      await expect(sandbox.commands.run('true')).rejects.toThrow(SandboxError);
      const listed = async (state: 'paused' | 'running') =>
        (await Sandbox.list({ query: { state: [state], metadata: { paused: isolation } } }).nextItems())
          .length;
      expect([await listed('paused'), await listed('running')]).toEqual([1, 0]);
      await sandbox.connect();
      expect([await listed('paused'), await listed('running')]).toEqual([0, 1]);
      expect(await sandbox.isRunning()).toBe(true);
      await expect(Sandbox.pause('ineverexisted')).rejects.toThrow(NotFoundError);
    });

    test('stands still, and goes on where it stopped with the same processes', async () => {
      const sandbox = await open.client.Sandbox.create();
      const { pid, count } = await startCounting(sandbox);
      await sandbox.pause();
      const onMachine = join(open.dataDir, 'sandboxes', sandbox.sandboxId, 'root/home/user/count');
      const counted = await readFile(onMachine, 'utf8');
      // Many times longer than a round of counting takes.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await readFile(onMachine, 'utf8')).toBe(counted);
      await sandbox.connect();
      const atResume = await count();
      await expect.poll(count).toBeGreaterThan(atResume);
      expect((await sandbox.commands.list()).map((process) => process.pid)).toContain(pid);
      const again = await sandbox.commands.connect(pid, { timeoutMs: 0 });
      expect(await again.kill()).toBe(true);
      await expect(again.wait()).rejects.toMatchObject({ exitCode: -1 });
    });

    test('cuts off who follows its processes', async () => {
      const sandbox = await open.client.Sandbox.create();
      const handle = await sandbox.commands.run('sleep 1301', { background: true, timeoutMs: 0 });
      const waited = handle.wait().catch((error: unknown) => error);
      await sandbox.pause();
      expect(await waited).toBeInstanceOf(TimeoutError);
    });

    test('keeps its files alone when memory is not kept, several times over', async () => {
      const sandbox = await open.client.Sandbox.create({ envs: { KEPT: 'environment' } });
      for (const round of ['1', '2', '3']) {
        await sandbox.files.write(`round-${round}`, round);
        const { pid } = await startCounting(sandbox);
        expect(await sandbox.pause({ keepMemory: false })).toBe(true);
        await sandbox.connect();
        expect((await sandbox.commands.list()).map((process) => process.pid)).not.toContain(pid);
        expect((await sandbox.commands.run('cat round-*; echo $KEPT')).stdout).toMatch(/environment\n$/);
        expect(await sandbox.files.read(`round-${round}`)).toBe(round);
      }
    });

    test('can be killed', async () => {
      const sandbox = await open.client.Sandbox.create();
      await startCounting(sandbox);
      await sandbox.pause();
      expect(await sandbox.kill()).toBe(true);
      expect(await sandbox.kill()).toBe(false);
    });

    test('gives a process the rest of its time after a pause', async () => {
      const sandbox = await open.client.Sandbox.create();
      const { pid } = await sandbox.commands.run('sleep 1302', { background: true, timeoutMs: 400 });
      await sandbox.pause();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await sandbox.connect();
      const again = await sandbox.commands.connect(pid, { timeoutMs: 0 });
      await expect(again.wait()).rejects.toMatchObject({ error: 'signal: killed' });
    });
  });
});

describe('the end of a sandbox’s time', () => {
  let open: OpenRuntime;
  beforeAll(async () => {
    open = await openRuntime({ limits: { limit: 3, createsPerSecond: 100, maxSessionS: 600 } });
  });
  afterAll(() => open.close());

  test('pauses it when that was ordered, and connecting gives it new time', async () => {
    const sandbox = await open.client.Sandbox.create({ timeoutMs: 1_000, lifecycle: { onTimeout: 'pause' } });
    await sandbox.files.write('kept', 'kept');
    const state = async () => (await sandbox.getInfo()).state;
    await expect.poll(state, { timeout: 5_000 }).toBe('paused');
    expect((await sandbox.getInfo()).lifecycle).toEqual({ onTimeout: 'pause', autoResume: false });
    expect(await sandbox.isRunning()).toBe(false);
    await sandbox.connect({ timeoutMs: 300_000 });
    expect(await sandbox.files.read('kept')).toBe('kept');
    expect((await sandbox.getInfo()).endAt.getTime()).toBeGreaterThan(Date.now() + 250_000);
    await sandbox.kill();
  });

  test('is woken by a call when that was ordered, for five minutes', async () => {
    const sandbox = await open.client.Sandbox.create({
      lifecycle: { onTimeout: 'pause', autoResume: true },
      timeoutMs: 60_000,
    });
    await sandbox.files.write('kept', 'kept');
    await sandbox.pause();
    const answers = await Promise.all([sandbox.files.read('kept'), sandbox.commands.run('cat kept')]);
    expect([answers[0], answers[1].stdout]).toEqual(['kept', 'kept']);
    const info = await sandbox.getInfo();
    expect(info.state).toBe('running');
    expect(info.endAt.getTime()).toBeGreaterThan(Date.now() + 290_000);
    await sandbox.pause({ keepMemory: false });
    expect(await sandbox.isRunning()).toBe(false);
    await sandbox.kill();
  });

  test('never lies beyond the longest session, which a pause begins anew', async () => {
    const sandbox = await open.client.Sandbox.create({ timeoutMs: 9_000_000 });
    const remaining = async () => (await sandbox.getInfo()).endAt.getTime() - Date.now();
    expect(await remaining()).toBeLessThanOrEqual(600_000);
    await sandbox.setTimeout(9_000_000);
    expect(await remaining()).toBeLessThanOrEqual(600_000);
    await sandbox.kill();
  });

  test('cannot be moved while it is paused', async () => {
    const sandbox = await open.client.Sandbox.create();
    await sandbox.pause();
    await expect(sandbox.setTimeout(60_000)).rejects.toMatchObject({ statusCode: 409 });
    await sandbox.kill();
  });

  test('a paused sandbox makes room for another, and comes back only when there is room', async () => {
    const { Sandbox } = open.client;
    const [first] = await Promise.all([Sandbox.create(), Sandbox.create(), Sandbox.create()]);
    await expect(Sandbox.create()).rejects.toThrow(RateLimitError);
    await first.pause();
    const fourth = await Sandbox.create();
    await expect(first.connect()).rejects.toThrow(RateLimitError);
    await fourth.kill();
    await first.connect();
    expect(await first.isRunning()).toBe(true);
  });

  test('is answered 201 when connecting resumed it and 200 when it was running', async () => {
    const lone = await openRuntime();
    try {
      const sandbox = await lone.client.Sandbox.create();
      const connect = async (path: string) =>
        (
          await fetch(`${lone.runtime.url}${path}/${sandbox.sandboxId}/connect`, {
            method: 'POST',
            headers: { 'X-API-KEY': apiKey, 'content-type': 'application/json' },
            body: '{"timeout":60}',
          })
        ).status;
      expect(await connect('/v2/sandboxes')).toBe(200);
      await sandbox.pause();
      expect(await connect('/sandboxes')).toBe(201);
    } finally {
      await lone.close();
    }
  });
});
