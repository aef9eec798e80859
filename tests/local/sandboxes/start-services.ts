// The runtime in a process of its own, for tests of what only a process has: its death, its memory.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const source = resolve(import.meta.dirname, '../../../electron/local/sandboxes/start-sandbox-runtime.ts');

/** Bundles a program that starts the runtime; its key is `key`. Returns its path. */
export async function buildServices(directory: string): Promise<string> {
  const entry = join(directory, 'entry.ts');
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
  return join(directory, 'out/runtime.mjs');
}

/** Starts what was built and resolves once it serves; whoever starts it ends it. */
export async function startServices(
  program: string,
  dataDir: string,
  isolation: 'auto' | 'off',
): Promise<{ services: ChildProcess; url: string }> {
  const services = spawn(process.execPath, [program, dataDir, isolation], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(services.stdout, 'data');
  return { services, url: String(url) };
}
