import { AuthenticationError, type Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();

describe.skipIf(!isolates)('root in an isolated sandbox', () => {
  let open: OpenRuntime;
  let sandbox: Sandbox;
  beforeAll(async () => {
    open = await openRuntime();
    sandbox = await open.client.Sandbox.create();
  });
  afterAll(() => open.close());

  test('is root to its programs, at home in /root, in commands and terminals', async () => {
    const asRoot = await sandbox.commands.run('id -u; whoami; echo "$HOME $USER"; pwd', { user: 'root' });
    expect(asRoot.stdout).toBe('0\nroot\n/root root\n/root\n');
    let shown = '';
    const terminal = await sandbox.pty.create({
      cols: 80,
      rows: 24,
      user: 'root',
      timeoutMs: 0,
      onData: (data) => {
        shown += new TextDecoder().decode(data);
      },
    });
    await sandbox.pty.sendInput(terminal.pid, new TextEncoder().encode('echo "i am $(whoami)"\n'));
    await expect.poll(() => shown).toContain('i am root');
    await terminal.kill();
  });

  test('is what sudo makes of the account, without the environment of the caller', async () => {
    const { stdout } = await sandbox.commands.run(
      'sudo whoami; sudo -n -u user whoami; sudo sh -c \'echo "$HOME ($MINE)"\'; sudo -E sh -c \'echo "($MINE)"\'',
      { envs: { MINE: 'kept' } },
    );
    expect(stdout).toBe('root\nuser\n/root ()\n(kept)\n');
    expect(
      (await sandbox.commands.run('echo there; sudo sh -c "exit 5" || echo "failed with $?"')).stdout,
    ).toBe('there\nfailed with 5\n');
    await expect(sandbox.commands.run('sudo -u nobody true')).rejects.toThrow('exit status 1');
    await expect(sandbox.commands.run('sudo touch /usr/mark')).rejects.toThrow('exit status 1');
  });

  test('reads and writes in its own home, also by signed address', async () => {
    const written = await sandbox.files.write('hello.txt', 'of root', { user: 'root' });
    expect(written.path).toBe('/root/hello.txt');
    expect(await sandbox.files.read('hello.txt', { user: 'root' })).toBe('of root');
    expect(await sandbox.files.exists('hello.txt')).toBe(false);
    const address = await sandbox.downloadUrl('hello.txt', { user: 'root', useSignatureExpiration: 60 });
    expect(await (await fetch(address)).text()).toBe('of root');
    expect((await sandbox.commands.run('cat hello.txt', { user: 'root' })).stdout).toBe('of root');
    expect((await sandbox.files.list('~', { user: 'root' })).map(({ name }) => name)).toContain('hello.txt');
  });

  test('owns nothing outside: neither the system nor the machine', async () => {
    const attempt = async (command: string) =>
      (await sandbox.commands.run(`{ ${command}; } 2>&1; echo "exit $?"`, { user: 'root' })).stdout;
    expect(await attempt('touch /usr/mark')).toContain('Read-only file system');
    expect(await attempt('mount -o remount,rw /usr')).not.toContain('exit 0');
    expect(await attempt('echo 1 > /proc/sys/kernel/printk')).not.toContain('exit 0');
    expect(await attempt(`ls -d "${process.cwd()}"`)).not.toContain('exit 0');
  });

  test('can be killed, and is killed with its sandbox', async () => {
    const handle = await sandbox.commands.run('sleep 1501', { user: 'root', background: true, timeoutMs: 0 });
    expect(await handle.kill()).toBe(true);
    await expect(handle.wait()).rejects.toMatchObject({ error: 'signal: killed' });
  });
});

test('a sandbox that is not isolated has no root', async () => {
  const open = await openRuntime({ isolation: 'off' });
  try {
    const sandbox = await open.client.Sandbox.create();
    await expect(sandbox.commands.run('id', { user: 'root' })).rejects.toThrow(AuthenticationError);
    await expect(sandbox.files.write('x', 'x', { user: 'root' })).rejects.toThrow(AuthenticationError);
  } finally {
    await open.close();
  }
});
