// The backend as a child process, built once a test file and talked to over its channel.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { onTestFinished } from 'vitest';
import {
  FromLocalServices,
  type LocalServicesReady,
  type ToLocalServices,
} from '../../electron/contract/local-services.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Below node_modules, so that the built file finds its packages as the product's own build does. */
const outDir = join(root, 'node_modules', '.cache', `backend-test-${process.pid}`);

/** Builds the entry; returns its path. */
export async function buildBackend(): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: 'electron/backend.ts',
      outDir,
      target: 'node20.18',
      rolldownOptions: { output: { entryFileNames: 'backend.mjs' } },
    },
  });
  return join(outDir, 'backend.mjs');
}

/** Removes what `buildBackend` made. */
export function removeBackend(): void {
  rmSync(outDir, { recursive: true, force: true });
}

export interface Backend {
  readonly child: ChildProcess;
  send(message: ToLocalServices): void;
  /** The next message of the backend. */
  answer(): Promise<FromLocalServices>;
  /** Starts the services; throws what the backend reports instead. */
  start(config: Extract<ToLocalServices, { kind: 'start' }>['config']): Promise<LocalServicesReady>;
  /** Exit code, null after a signal. */
  exited(): Promise<number | null>;
}

/** Forks the built entry; it ends with the test at the latest. */
export function forkBackend(path: string): Backend {
  const child = fork(path, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const answer = async () => FromLocalServices.parse((await once(child, 'message'))[0]);
  const send = (message: ToLocalServices) => void child.send(message);
  return {
    child,
    send,
    answer,
    async start(config) {
      const answered = answer();
      send({ kind: 'start', config });
      const message = await answered;
      if (message.kind === 'failed') throw new Error(`${message.code}: ${message.message}`);
      return message.ready;
    },
    exited: async () => (await gone)[0],
  };
}
