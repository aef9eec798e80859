import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { E2B } from 'e2b';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandboxRuntime } from '../../../electron/local/sandboxes/start-sandbox-runtime.ts';
import { machineIsolates } from './open-runtime.ts';

const isolates = await machineIsolates();

let directory: string;
let program: string;
let services: ChildProcess | undefined;

// The runtime has to die like a process does, so it is bundled and started as one.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'desk-killed-'));
  const entry = join(directory, 'entry.ts');
  const source = resolve(import.meta.dirname, '../../../electron/local/sandboxes/start-sandbox-runtime.ts');
  await writeFile(
    entry,
    `import { startSandboxRuntime } from ${JSON.stringify(source)};
     const [dataDir, isolation] = process.argv.slice(2);
     const limits = { limit: 10, createsPerSecond: 100 };
     const runtime = await startSandboxRuntime({ dataDir, isolation, limits, apiKey: 'key' });
     process.stdout.write(runtime.url);`,
  );
  await build({
    configFile: false,
    logLevel: 'error',
    // The terminal library carries a native binary; it is loaded with the first terminal, and none is opened here.
    ssr: { noExternal: true, external: ['@lydell/node-pty'] },
    build: {
      ssr: entry,
      outDir: join(directory, 'out'),
      rolldownOptions: { output: { entryFileNames: 'runtime.mjs' } },
    },
  });
  program = join(directory, 'out/runtime.mjs');
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
    services = spawn(process.execPath, [program, join(directory, isolation), isolation], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (services.stdout === null) throw new Error('the services have no output');
    const [url] = await once(services.stdout, 'data');
    const client = new E2B({ apiKey: 'key', apiUrl: String(url), sandboxUrl: String(url) });
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
