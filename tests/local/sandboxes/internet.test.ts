// Nothing here reaches beyond this machine: a listener on its loopback stands for everything the machine reaches.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();
const denied = { allowOut: [], denyOut: ['0.0.0.0/0'] };

let listener: Server;
let port: number;
beforeAll(async () => {
  listener = createServer((connection) => connection.end('of the machine'));
  port = await new Promise<number>((resolve) => {
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
});
afterAll(() => void listener.close());

/** What a program in the sandbox hears from the listener outside. */
async function reached(sandbox: Sandbox, options: { user?: string } = {}): Promise<string> {
  const connect = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3' 2>&1 || true`;
  return (await sandbox.commands.run(connect, options)).stdout;
}

describe.skipIf(!isolates)('a sandbox, where the internet is never given', () => {
  let open: OpenRuntime;
  beforeAll(async () => {
    open = await openRuntime();
  });
  afterAll(() => open.close());

  test('reaches nothing, whatever is asked, and says so', async () => {
    const sandbox = await open.client.Sandbox.create({
      allowInternetAccess: true,
      network: { allowOut: ['192.0.2.1'] },
    });
    expect(await reached(sandbox)).toContain('Connection refused');
    await sandbox.updateNetwork({ allowInternetAccess: true });
    expect(await reached(sandbox)).toContain('Connection refused');
    expect(await sandbox.getInfo()).toMatchObject({ allowInternetAccess: false, network: denied });
    expect(await sandbox.files.exists('/etc/resolv.conf')).toBe(false);
  });
});

describe.skipIf(!isolates)('a sandbox, where the internet is given as asked', () => {
  let open: OpenRuntime;
  beforeAll(async () => {
    open = await openRuntime({ internet: 'as-asked' });
  });
  afterAll(() => open.close());

  test('reaches what the machine reaches and finds names as it does, unless it is denied', async () => {
    const { Sandbox } = open.client;
    const asking = await Sandbox.create();
    expect(await reached(asking)).toBe('of the machine');
    expect(await reached(asking, { user: 'root' })).toBe('of the machine');
    expect((await asking.commands.run('cat /etc/resolv.conf')).stdout).toBe(
      readFileSync('/etc/resolv.conf', 'utf8'),
    );
    const info = await asking.getInfo();
    expect([info.allowInternetAccess, info.network]).toEqual([true, undefined]);
    for (const options of [
      { allowInternetAccess: false },
      { network: { denyOut: ({ allTraffic }: { allTraffic: string }) => [allTraffic] } },
    ]) {
      const refusing = await Sandbox.create(options);
      expect(await reached(refusing)).toContain('Connection refused');
      expect(await refusing.getInfo()).toMatchObject({ allowInternetAccess: false, network: denied });
    }
  });

  test('sees no more of the machine than without', async () => {
    const sandbox = await open.client.Sandbox.create();
    expect((await sandbox.commands.run('ps -eo args')).stdout).not.toContain('vitest');
    expect((await sandbox.commands.run('hostname; id -u')).stdout).toBe(`${sandbox.sandboxId}\n1000\n`);
  });

  test('can be denied it and given it again, also through a pause without memory', async () => {
    const sandbox = await open.client.Sandbox.create();
    expect(await reached(sandbox)).toBe('of the machine');
    await sandbox.updateNetwork({ allowInternetAccess: false });
    expect(await reached(sandbox)).toContain('Connection refused');
    expect((await sandbox.getInfo()).allowInternetAccess).toBe(false);
    await sandbox.pause({ keepMemory: false });
    await sandbox.connect();
    expect(await reached(sandbox)).toContain('Connection refused');
    await sandbox.updateNetwork({});
    expect(await reached(sandbox)).toBe('of the machine');
    expect((await sandbox.getInfo()).allowInternetAccess).toBe(true);
  });

  test('cannot be denied it while a program would go on reaching it, hidden or not', async () => {
    const sandbox = await open.client.Sandbox.create();
    await sandbox.commands.run(
      'setsid unshare --user --map-root-user --pid --fork sleep 1201 >/dev/null 2>&1 &',
    );
    await expect
      .poll(async () => (await sandbox.commands.run('pgrep -x sleep | wc -l')).stdout.trim())
      .toBe('1');
    // What it started in a process namespace of its own stays.
    await sandbox.commands.run('pkill -x -KILL unshare');
    await expect(sandbox.updateNetwork({ allowInternetAccess: false })).rejects.toMatchObject({
      statusCode: 409,
    });
    expect((await sandbox.getInfo()).allowInternetAccess).toBe(true);
    expect(await reached(sandbox)).toBe('of the machine');
    await sandbox.commands.run('pkill -x -KILL sleep');
    await expect
      .poll(() => sandbox.updateNetwork({ allowInternetAccess: false }).then(() => 'denied', String))
      .toBe('denied');
    expect(await reached(sandbox)).toContain('Connection refused');
  });

  test('is refused a choice of destinations, which nobody would enforce', async () => {
    const { Sandbox } = open.client;
    for (const network of [{ denyOut: ['10.0.0.0/8'] }, { allowOut: ['192.0.2.1'], denyOut: ['0.0.0.0/0'] }])
      await expect(Sandbox.create({ network })).rejects.toMatchObject({ statusCode: 400 });
    const sandbox = await Sandbox.create();
    await expect(sandbox.updateNetwork({ denyOut: ['10.0.0.0/8'] })).rejects.toThrow(/not enforced/);
  });

  test('is denied it in its forks as in itself', async () => {
    const sandbox = await open.client.Sandbox.create({ allowInternetAccess: false });
    const [fork] = await sandbox.fork();
    if (fork === undefined || fork instanceof Error) throw new Error('no fork was made', { cause: fork });
    expect(await reached(fork)).toContain('Connection refused');
  });
});

describe('a sandbox that is not isolated', () => {
  test('says that it reaches what the machine reaches, whatever was asked', async () => {
    const open = await openRuntime({ isolation: 'off' });
    try {
      const sandbox = await open.client.Sandbox.create({ allowInternetAccess: false });
      expect((await sandbox.getInfo()).allowInternetAccess).toBe(true);
      expect(await reached(sandbox)).toBe('of the machine');
    } finally {
      await open.close();
    }
  });
});
