import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const run = promisify(execFile);
const isolates = await machineIsolates();

describe.skipIf(!isolates)('an isolated sandbox', () => {
  let open: OpenRuntime;
  let sandbox: Sandbox;
  beforeAll(async () => {
    open = await openRuntime();
    sandbox = await open.client.Sandbox.create();
  });
  afterAll(() => open.close());

  /** Runs a command that may fail. */
  async function attempt(command: string, inside: Sandbox = sandbox) {
    const { stdout } = await inside.commands.run(`{ ${command}; } 2>&1; echo "exit $?"`);
    return stdout;
  }

  test('says that it is isolated', () => {
    expect(open.runtime.isolation).toBe('isolated');
  });

  test('sees no file of another sandbox, of the services or of the machine', async () => {
    const other = await open.client.Sandbox.create();
    await other.files.write('secret', 'of the other');
    const onMachine = join(open.dataDir, 'sandboxes', other.sandboxId, 'root/home/user/secret');
    expect(await readFile(onMachine, 'utf8')).toBe('of the other');
    await writeFile(join(open.dataDir, 'beside'), 'of the services');

    for (const path of [onMachine, join(open.dataDir, 'beside'), '/etc/shadow', process.cwd()]) {
      expect(await attempt(`ls -la '${path}'`)).toContain('No such file or directory');
      expect(await sandbox.files.exists(path)).toBe(false);
    }
    expect(await attempt(`cat '/proc/1/root${onMachine}'`)).toMatch(/No such file|Permission denied/);
  });

  test('leads the file service nowhere outside, by links or by dots', async () => {
    await writeFile(join(open.dataDir, 'beside'), 'of the services');
    await sandbox.commands.run(
      `ln -sfn '${open.dataDir}' out; ln -sf /etc/passwd passwd; ln -sfn ../../../../../.. up`,
    );
    expect(await sandbox.files.exists('out/beside')).toBe(false);
    expect(await sandbox.files.exists(`up${open.dataDir}/beside`)).toBe(false);
    expect(await sandbox.files.exists(`../../../../../..${open.dataDir}/beside`)).toBe(false);
    expect(await sandbox.files.exists('/proc/self/root/etc/hostname')).toBe(false);
    // A link to /etc leads to the sandbox's own.
    expect(await sandbox.files.read('passwd')).toBe((await sandbox.commands.run('cat passwd')).stdout);
    expect(await sandbox.files.read('passwd')).not.toBe(await readFile('/etc/passwd', 'utf8'));
    // Writing through the link stays inside as well.
    await sandbox.files.write('out/beside', 'of the sandbox');
    expect(await readFile(join(open.dataDir, 'beside'), 'utf8')).toBe('of the services');
  });

  test('moves, makes, lists and watches nothing outside, by links or by dots', async () => {
    const outside = join(open.dataDir, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'of the services');
    await sandbox.commands.run(`ln -sfn '${outside}' leaving; echo mine > mine`);
    const climbing = `../../../../../../../..${outside}`;
    for (const way of ['leaving', climbing]) {
      await expect(sandbox.files.list(way)).rejects.toThrow('does not exist');
      await expect(sandbox.files.watchDir(way, () => undefined)).rejects.toThrow('does not exist');
      await expect(sandbox.files.rename(`${way}/secret`, 'stolen')).rejects.toThrow('does not exist');
      const signed = await fetch(await sandbox.downloadUrl(`${way}/secret`));
      expect(signed.status).toBe(404);
    }
    // What is made by these names is made inside, where the first one now leads too.
    await sandbox.files.makeDir(`${climbing}/made`);
    await sandbox.files.rename('mine', 'leaving/moved');
    expect((await sandbox.files.list('leaving')).map(({ name }) => name)).toEqual(['made', 'moved']);
    expect(await readdir(outside)).toEqual(['secret']);
  });

  test('removes what a link stands for nowhere but inside', async () => {
    await writeFile(join(open.dataDir, 'kept'), 'still there');
    await sandbox.commands.run(`mkdir tree; ln -s '${open.dataDir}' tree/link`);
    await sandbox.files.remove('tree');
    expect(await sandbox.files.exists('tree')).toBe(false);
    expect((await stat(join(open.dataDir, 'kept'))).isFile()).toBe(true);
  });

  test('reaches no network, not even the services on this machine', async () => {
    const { port } = new URL(open.runtime.url);
    const connect = `exec 3<>/dev/tcp/127.0.0.1/${port} && echo reached`;
    expect((await run('bash', ['-c', connect])).stdout).toBe('reached\n');
    expect(await attempt(`bash -c '${connect}'`)).toContain('Connection refused');
    expect((await sandbox.commands.run('tail -n +3 /proc/net/dev | cut -d: -f1')).stdout.trim()).toBe('lo');
  });

  test('sees its own processes alone, and its commands can signal one another', async () => {
    const sleeper = await sandbox.commands.run('sleep 1005', { background: true, timeoutMs: 0 });
    const seen = (await sandbox.commands.run('ps -eo pid,args')).stdout;
    expect(seen).toMatch(new RegExp(`^ *${sleeper.pid} .*sleep 1005`, 'm'));
    expect(seen).not.toContain('vitest');
    expect(seen).not.toContain(open.dataDir);
    const other = await open.client.Sandbox.create();
    expect((await other.commands.run('ps -eo args')).stdout).not.toContain('sleep 1005');
    await sandbox.commands.run(`kill ${sleeper.pid}`);
    await expect(sleeper.wait()).rejects.toMatchObject({ exitCode: -1, error: 'signal: terminated' });
  });

  test('cannot change the system, and is user 1000 without capabilities', async () => {
    expect(await attempt('touch /usr/mark')).toContain('Read-only file system');
    expect(await attempt('touch /etc/mark')).toContain('Read-only file system');
    const controls =
      'find /proc -maxdepth 4 -not -path "/proc/[0-9]*" -not -path "/proc/self*" -not -path "/proc/thread-self*"';
    expect((await sandbox.commands.run(`${controls} -type f -writable 2>/dev/null || true`)).stdout).toBe('');
    await expect(sandbox.files.write('/usr/mark', 'x')).rejects.toThrow('permission denied');
    expect((await sandbox.commands.run('id')).stdout).toBe(
      'uid=1000(user) gid=1000(user) groups=1000(user)\n',
    );
    expect((await sandbox.commands.run('grep CapEff /proc/self/status')).stdout).toMatch(/0{16}/);
  });

  test('has terminals of its own, and none of the machine', async () => {
    const terminal = `script -qec 'tty; ls -1 /dev/pts' /dev/null </dev/null | tr -d '\\r'`;
    expect((await sandbox.commands.run('ls /dev/pts')).stdout).toBe('ptmx\n');
    expect((await sandbox.commands.run(terminal)).stdout).toBe('/dev/pts/0\n0\nptmx\n');
    // Who mounted them has kept no right to mount.
    expect((await sandbox.commands.run('cat /proc/[0-9]*/status | grep CapEff | sort -u')).stdout).toMatch(
      /^CapEff:\t0{16}\n$/,
    );
  });

  test('does not carry the environment of a call out to the program that starts it', async () => {
    await sandbox.files.write('marker.so', 'not a library');
    const { stdout, stderr } = await sandbox.commands.run('echo ran', {
      envs: { LD_PRELOAD: '/home/user/marker.so' },
    });
    expect(stdout).toBe('ran\n');
    expect(stderr).toContain('marker.so');
  });

  test('has a boot id of its own, and another one after a cold start', async () => {
    const bootOf = async (of: Sandbox) =>
      (await of.commands.run('cat /proc/sys/kernel/random/boot_id')).stdout.trim();
    const machine = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const [first, other] = [await open.client.Sandbox.create(), await open.client.Sandbox.create()];
    const started = await bootOf(first);
    expect(started).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await first.pause();
    await first.connect();
    expect(await bootOf(first)).toBe(started);
    await first.pause({ keepMemory: false });
    await first.connect();
    expect(new Set([machine, started, await bootOf(first), await bootOf(other)]).size).toBe(4);
  });

  test('is gone when its keeper is killed from inside', async () => {
    const doomed = await open.client.Sandbox.create();
    await doomed.commands.run('true');
    await doomed.commands.run('kill -9 -1').catch(() => undefined);
    await expect.poll(() => doomed.isRunning()).toBe(false);
  });
});
