import { execFileSync } from 'node:child_process';
import { AuthenticationError, CommandExitError, type Sandbox, TimeoutError } from 'e2b';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();

describe.each([
  { isolation: 'auto', skip: !isolates },
  { isolation: 'off', skip: false },
] as const)('commands, isolation $isolation', ({ isolation, skip }) => {
  describe.skipIf(skip)('called by the SDK', () => {
    let open: OpenRuntime;
    let sandbox: Sandbox;
    beforeAll(async () => {
      open = await openRuntime({ isolation });
      sandbox = await open.client.Sandbox.create({ envs: { FROM_SANDBOX: 'kept', BOTH: 'sandbox' } });
    });
    afterAll(() => open.close());

    test('return the output and fail with the exit code', async () => {
      const result = await sandbox.commands.run('echo out; echo err >&2');
      expect(result).toMatchObject({ exitCode: 0, stdout: 'out\n', stderr: 'err\n' });
      const failure = await sandbox.commands.run('echo half; exit 7').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CommandExitError);
      expect(failure).toMatchObject({ exitCode: 7, stdout: 'half\n', error: 'exit status 7' });
    });

    test('see the environment of the account, the sandbox and the call, the last one winning', async () => {
      const result = await sandbox.commands.run(
        'echo $USER $FROM_SANDBOX $BOTH $E2B_SANDBOX; test "$HOME" = "$PWD"',
        {
          envs: { BOTH: 'call' },
        },
      );
      expect(result.stdout).toBe('user kept call true\n');
    });

    test('are gone when killing them has returned', async () => {
      for (let round = 0; round < 20; round += 1) {
        const handle = await sandbox.commands.run('sleep 1004', { background: true, timeoutMs: 0 });
        expect(await handle.kill()).toBe(true);
        const looked = sandbox.commands.run(`kill -0 ${handle.pid}`);
        await expect(looked).rejects.toThrow('exit status 1');
        await expect(handle.wait()).rejects.toMatchObject({ error: 'signal: killed' });
      }
    });

    test('cannot see the environment of the services', async () => {
      process.env['SECRET_OF_THE_SERVICES'] = 'visible';
      try {
        expect((await sandbox.commands.run('env')).stdout).not.toContain('SECRET_OF_THE_SERVICES');
      } finally {
        delete process.env['SECRET_OF_THE_SERVICES'];
      }
    });

    test('start in the directory asked for and refuse one that is missing', async () => {
      await sandbox.files.makeDir('some/where');
      expect((await sandbox.commands.run('pwd', { cwd: '/home/user/some/where' })).stdout).toMatch(
        /\/some\/where\n$/,
      );
      await expect(sandbox.commands.run('pwd', { cwd: '/home/user/nowhere' })).rejects.toThrow(
        "cwd '/home/user/nowhere' does not exist",
      );
    });

    test('run as user, and not as somebody who does not exist', async () => {
      expect((await sandbox.commands.run('echo ok', { user: 'user' })).stdout).toBe('ok\n');
      await expect(sandbox.commands.run('echo ok', { user: 'somebody' })).rejects.toThrow(
        AuthenticationError,
      );
    });

    test('can reopen their streams by name', async () => {
      const result = await sandbox.commands.run('echo a > /dev/stderr; echo b > /dev/stdout');
      expect(result).toMatchObject({ stdout: 'b\n', stderr: 'a\n' });
    });

    test('take input while they run, stream what they say, and end when the input does', async () => {
      const said: string[] = [];
      const handle = await sandbox.commands.run('while read line; do echo "got $line"; done; echo done', {
        background: true,
        stdin: true,
        timeoutMs: 0,
        onStdout: (text) => void said.push(text),
      });
      await sandbox.commands.sendStdin(handle.pid, 'one\n');
      await vi.waitFor(() => expect(said.join('')).toBe('got one\n'));
      await handle.sendStdin('two\n');
      await handle.closeStdin();
      expect((await handle.wait()).stdout).toBe('got one\ngot two\ndone\n');
    });

    test('are listed while they run, can be followed again, and keep their end for a while', async () => {
      const handle = await sandbox.commands.run('read line; echo late; exit 3', {
        background: true,
        stdin: true,
        timeoutMs: 0,
      });
      expect(await sandbox.commands.list()).toContainEqual(
        expect.objectContaining({ pid: handle.pid, cmd: '/bin/bash' }),
      );
      await handle.disconnect();
      const again = await sandbox.commands.connect(handle.pid, { timeoutMs: 0 });
      await again.sendStdin('go\n');
      await expect(again.wait()).rejects.toMatchObject({ exitCode: 3, stdout: 'late\n' });
      expect((await sandbox.commands.list()).map(({ pid }) => pid)).not.toContain(handle.pid);
      const afterwards = await sandbox.commands.connect(handle.pid);
      await expect(afterwards.wait()).rejects.toMatchObject({ exitCode: 3, stdout: '' });
      await expect(sandbox.commands.connect(999_999)).rejects.toThrow('not found');
    });

    test('are killed with what they started', async () => {
      const handle = await sandbox.commands.run('sleep 1001 & sleep 1002 & wait', {
        background: true,
        timeoutMs: 0,
      });
      const sleepers = () => sandbox.commands.run('ps -eo args | grep -c "^sleep 100[12]" || true');
      await expect.poll(async () => (await sleepers()).stdout).toBe('2\n');
      expect(await handle.kill()).toBe(true);
      await expect(handle.wait()).rejects.toMatchObject({ exitCode: -1, error: 'signal: killed' });
      await expect.poll(async () => (await sleepers()).stdout).toBe('0\n');
      expect(await sandbox.commands.kill(handle.pid)).toBe(false);
    });

    test('are killed at their deadline', async () => {
      const started = sandbox.commands.run('sleep 1003', { timeoutMs: 300 });
      await expect(started).rejects.toThrow(TimeoutError);
      await expect.poll(async () => (await sandbox.commands.list()).length).toBe(0);
      expect((await sandbox.commands.run('ps -eo args | grep -c "^sleep 1003" || true')).stdout).toBe('0\n');
    });

    test('deliver every byte of large output in order', async () => {
      const result = await sandbox.commands.run('seq 1 200000');
      expect(result.stdout).toBe(`${Array.from({ length: 200_000 }, (_, index) => index + 1).join('\n')}\n`);
    });

    test('go on when nobody follows them any more', async () => {
      const handle = await sandbox.commands.run('seq 1 3000000; touch finished', {
        background: true,
        timeoutMs: 0,
      });
      await handle.disconnect();
      await expect.poll(() => sandbox.files.exists('finished'), { timeout: 10_000 }).toBe(true);
    });

    test('are cut off with their sandbox, and the client learns that it is gone', async () => {
      const doomed = await open.client.Sandbox.create();
      const handle = await doomed.commands.run('sleep 1004', { background: true, timeoutMs: 0 });
      const waited = handle.wait().catch((error: unknown) => error);
      await doomed.kill();
      expect(await waited).toBeInstanceOf(TimeoutError);
      await expect(doomed.commands.run('true')).rejects.toThrow('Sandbox is probably not running anymore');
      expect((await sandbox.commands.run('ps -eo args | grep -c "^sleep 1004" || true')).stdout).toBe('0\n');
    });

    test('end with their sandbox however they detach', async () => {
      const doomed = await open.client.Sandbox.create();
      const seconds = isolation === 'auto' ? 97_000 : 96_000;
      await doomed.commands.run(
        [
          `setsid sleep ${seconds}1 &`,
          `nohup sleep ${seconds}2 &`,
          `(trap '' HUP TERM INT; exec sleep ${seconds}3) &`,
          `(setsid sh -c 'sleep ${seconds}4 & exit' &)`,
        ]
          .map((line) => `{ ${line} } </dev/null >/dev/null 2>&1`)
          .join('\n'),
        { timeoutMs: 5_000 },
      );
      const left = () =>
        execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
          .split('\n')
          .filter((line) => line.startsWith(`sleep ${seconds}`));
      await expect.poll(() => left().length).toBe(4);
      await doomed.kill();
      expect(left()).toEqual([]);
    });

    test('run in thirty sandboxes at once', async () => {
      const sandboxes = await Promise.all(Array.from({ length: 30 }, () => open.client.Sandbox.create()));
      const answers = await Promise.all(
        sandboxes.map(async (one) =>
          (await one.commands.run('cat > name; echo $E2B_SANDBOX_ID')).stdout.trim(),
        ),
      );
      expect(answers).toEqual(sandboxes.map(({ sandboxId }) => sandboxId));
      await Promise.all(sandboxes.map((one) => one.kill()));
    });
  });
});
