import type { CommandExitError, Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();
const writing = 'n=0; while :; do n=$((n+1)); head -c 4000000 /dev/zero > part-$n; sleep 0.02; done';

describe.each([
  { isolation: 'auto', skip: !isolates },
  { isolation: 'off', skip: false },
] as const)('a disk of 40 MB, isolation $isolation', ({ isolation, skip }) => {
  describe.skipIf(skip)('that programs fill', () => {
    let open: OpenRuntime;
    let sandbox: Sandbox;
    beforeAll(async () => {
      open = await openRuntime({ isolation, size: { cpuCount: 2, memoryMb: 256, diskMb: 40 } });
      sandbox = await open.client.Sandbox.create();
    });
    afterAll(() => open.close());

    test('ends a program whose one file grows beyond it at that very byte', async () => {
      const failed = sandbox.commands.run('exec head -c 100000000 /dev/zero > one-file');
      await expect(failed).rejects.toMatchObject({ error: 'signal: file size limit exceeded' });
      expect((await sandbox.files.getInfo('one-file')).size).toBe(40 * 1024 * 1024);
      await sandbox.files.remove('one-file');
    });

    test('ends who fills it with many files and says why; others go on, and room can be made', async () => {
      const bystander = await sandbox.commands.run('exec sleep 1401', { background: true, timeoutMs: 0 });
      const failed = await sandbox.commands.run(writing, { timeoutMs: 30_000 }).then(
        () => undefined,
        (error: CommandExitError) => error,
      );
      expect(failed?.error).toBe('signal: killed');
      expect(failed?.stderr).toMatch(/the disk of the sandbox is full: \d+ of 40 MB are used/);
      expect((await sandbox.commands.list()).map(({ pid }) => pid)).toEqual([bystander.pid]);
      await sandbox.commands.run('rm -f part-*');
      expect((await sandbox.commands.run('head -c 1000000 /dev/zero | tee small | wc -c')).stdout).toBe(
        '1000000\n',
      );
      await bystander.kill();
    }, 40_000);

    // Without isolation such a program escapes its sandbox.
    test.skipIf(isolation === 'off')(
      'ends a program that left its command behind',
      async () => {
        await sandbox.commands.run(`setsid sh -c '${writing}' >/dev/null 2>&1 &`);
        const used = async () => (await sandbox.commands.run('du -sm . | cut -f1')).stdout.trim();
        await expect.poll(used, { timeout: 20_000 }).not.toMatch(/^[0-3]?\d$/);
        await expect
          .poll(
            async () => {
              const before = await used();
              await sandbox.commands.run('sleep 0.5');
              return (await used()) === before;
            },
            { timeout: 20_000 },
          )
          .toBe(true);
      },
      45_000,
    );
  });
});
