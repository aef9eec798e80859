// A sandbox runtime in a directory of its own, and the official SDK pointed at it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { E2B } from 'e2b';
import { chooseIsolation } from '../../../electron/local/sandboxes/isolation/isolation.ts';
import {
  type SandboxRuntime,
  type SandboxRuntimeOptions,
  startSandboxRuntime,
} from '../../../electron/local/sandboxes/start-sandbox-runtime.ts';

// One HTTP/1.1 connection a stream; read by the SDK at its first call.
process.env['E2B_ENVD_RPC_CONNECTIONS'] = '1000';

export const apiKey = 'key of this test';

export interface OpenRuntime {
  readonly runtime: SandboxRuntime;
  readonly client: E2B;
  readonly dataDir: string;
  close(): Promise<void>;
}

export async function openRuntime(options: Partial<SandboxRuntimeOptions> = {}): Promise<OpenRuntime> {
  const dataDir = await mkdtemp(join(tmpdir(), 'desk-sandboxes-'));
  const limits = { limit: 100, createsPerSecond: 1_000 };
  const runtime = await startSandboxRuntime({ dataDir, apiKey, isolation: 'auto', limits, ...options });
  const client = new E2B({ apiKey: options.apiKey ?? apiKey, apiUrl: runtime.url, sandboxUrl: runtime.url });
  return {
    runtime,
    client,
    dataDir,
    async close() {
      await runtime.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Whether this machine can isolate at all; tests of isolation are skipped where it cannot. */
export async function machineIsolates(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'desk-isolation-'));
  try {
    const isolation = await chooseIsolation('auto', directory);
    await isolation.close();
    return isolation.kind === 'isolated';
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
