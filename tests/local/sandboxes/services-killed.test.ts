import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { E2B } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandboxRuntime } from '../../../electron/local/sandboxes/start-sandbox-runtime.ts';
import { machineIsolates } from './open-runtime.ts';
import { buildServices, startServices } from './start-services.ts';

const isolates = await machineIsolates();

let directory: string;
let program: string;
let services: ChildProcess | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'desk-killed-'));
  program = await buildServices(directory);
}, 60_000);

afterAll(async () => {
  services?.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

function commandLines(): string {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
}

describe.each([
  { isolation: 'auto', seconds: 98_001, skip: !isolates },
  { isolation: 'off', seconds: 98_002, skip: false },
] as const)('services killed without warning, isolation $isolation', ({ isolation, seconds, skip }) => {
  test.skipIf(skip)('take every process of their sandboxes with them', async () => {
    const started = await startServices(program, join(directory, isolation), isolation);
    services = started.services;
    const client = new E2B({ apiKey: 'key', apiUrl: started.url, sandboxUrl: started.url });
    const sandbox = await client.Sandbox.create();
    const handle = await sandbox.commands.run(`sleep ${seconds} & sleep ${seconds}`, {
      background: true,
      timeoutMs: 0,
    });
    const waited = handle.wait().catch((error: unknown) => error);
    await expect.poll(() => commandLines().match(new RegExp(`^sleep ${seconds}`, 'gm'))?.length).toBe(2);
    const paused = await client.Sandbox.create();
    await paused.commands.run(`sleep ${seconds}`, { background: true, timeoutMs: 0 });
    await paused.pause();
    services.kill('SIGKILL');
    await expect.poll(commandLines, { timeout: 5_000 }).not.toContain(`sleep ${seconds}`);
    expect(commandLines()).not.toContain(join(directory, isolation));
    await waited;

    const next = await startSandboxRuntime({
      dataDir: join(directory, isolation),
      apiKey: 'key',
      isolation,
      limits: { limit: 10, createsPerSecond: 100 },
    });
    const again = new E2B({ apiKey: 'key', apiUrl: next.url, sandboxUrl: next.url });
    const { stdout } = await (await again.Sandbox.create()).commands.run('echo started anew');
    await next.close();
    expect(stdout).toBe('started anew\n');
    expect(await readdir(join(directory, isolation, 'sandboxes'))).not.toContain(sandbox.sandboxId);
  });
});
