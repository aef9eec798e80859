// The only place that knows the e2b SDK; its CommonJS build needs a newer Node than Electron 33 has, so the other one is named.
// Settings decide whether it talks to the cloud or to the local runtime.
import {
  CommandExitError,
  type CommandHandle,
  E2B,
  type Sandbox,
  SandboxError,
  SandboxNotFoundError,
} from 'e2b/dist/index.mjs';
import { DeskError } from '../../contract/errors.ts';
import type {
  CreateRequest,
  ProcessEnd,
  ProviderProcess,
  ProviderSandbox,
  SandboxProvider,
} from './provider.ts';

const requestTimeoutMs = 30_000;
const execTimeoutMs = 30_000;

export interface LocalEndpoint {
  readonly url: string;
  readonly apiKey: string;
}

/**
 * Connects to the local runtime. Throws FORBIDDEN_ADDRESS for anything but loopback.
 * Each open stream holds one HTTP/1.1 connection and the SDK allows 200; the cap is read at first use, so it is raised here.
 */
export function createLocalProvider(endpoint: LocalEndpoint): SandboxProvider {
  assertLoopback(endpoint.url);
  process.env['E2B_ENVD_RPC_CONNECTIONS'] ??= '2048';
  const client = new E2B({
    apiKey: endpoint.apiKey,
    apiUrl: endpoint.url,
    sandboxUrl: endpoint.url,
    requestTimeoutMs,
  });
  return createProvider('local', client);
}

/** Refuses any address that would leave the machine. */
export function assertLoopback(address: string): void {
  const { hostname, protocol } = new URL(address);
  const isLoopback = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
  if (isLoopback && (protocol === 'http:' || protocol === 'ws:')) return;
  throw new DeskError(
    'FORBIDDEN_ADDRESS',
    `DEMO may only reach this machine, not ${address}. Nothing was sent.`,
    { address },
  );
}

function createProvider(name: SandboxProvider['name'], client: E2B): SandboxProvider {
  return {
    name,
    create: (request) => createSandbox(client, request),
    async list(metadata) {
      const paginator = client.Sandbox.list({ query: { metadata: { ...metadata } } });
      const ids: string[] = [];
      while (paginator.hasNext) {
        for (const info of await paginator.nextItems()) ids.push(info.sandboxId);
      }
      return ids;
    },
    kill: (sandboxId) => named(`end sandbox ${sandboxId}`, () => client.Sandbox.kill(sandboxId)),
  };
}

async function createSandbox(client: E2B, request: CreateRequest): Promise<ProviderSandbox> {
  const sandbox = await named('create a sandbox', () =>
    client.Sandbox.create(request.template, {
      metadata: { ...request.metadata },
      timeoutMs: request.timeoutMs,
      allowInternetAccess: false,
      ...(request.signal ? { signal: request.signal } : {}),
    }),
  );
  return wrapSandbox(sandbox);
}

function wrapSandbox(sandbox: Sandbox): ProviderSandbox {
  return {
    sandboxId: sandbox.sandboxId,
    async upload(path, content) {
      await named(`upload ${path}`, () => sandbox.files.write(path, content, { useOctetStream: true }));
    },
    async exec(command) {
      try {
        return await sandbox.commands.run(command, { timeoutMs: execTimeoutMs });
      } catch (error) {
        if (error instanceof CommandExitError)
          return { exitCode: error.exitCode, stdout: error.stdout, stderr: error.stderr };
        throw unavailable(`run "${command}"`, error);
      }
    },
    async start(command, onStdout) {
      const handle = await named(`start "${command}"`, () =>
        sandbox.commands.run(command, { background: true, stdin: true, timeoutMs: 0, onStdout }),
      );
      return wrapProcess(handle);
    },
    async attach(pid, onStdout) {
      return wrapProcess(
        await named(`attach to process ${pid}`, () =>
          sandbox.commands.connect(pid, { timeoutMs: 0, onStdout }),
        ),
      );
    },
    async extend(timeoutMs) {
      await named('extend the lease', () => sandbox.setTimeout(timeoutMs));
    },
    isAlive: () => sandbox.isRunning(),
  };
}

function wrapProcess(handle: CommandHandle): ProviderProcess {
  return {
    pid: handle.pid,
    write: (text) => named('write to the runner', () => handle.sendStdin(text)),
    detach: () => handle.disconnect(),
    ended: endOf(handle),
  };
}

async function endOf(handle: CommandHandle): Promise<ProcessEnd> {
  try {
    const { exitCode } = await handle.wait();
    return { kind: 'exited', exitCode };
  } catch (error) {
    if (error instanceof CommandExitError) return { kind: 'exited', exitCode: error.exitCode };
    return { kind: 'stream-lost', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function named<T>(action: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw unavailable(action, error);
  }
}

function unavailable(action: string, cause: unknown): DeskError {
  const code = cause instanceof SandboxNotFoundError ? 'SANDBOX_NOT_FOUND' : 'SANDBOX_UNAVAILABLE';
  const reason = cause instanceof Error ? cause.message : String(cause);
  const status = cause instanceof SandboxError ? { type: cause.name } : {};
  return new DeskError(code, `The sandbox provider could not ${action}: ${reason}`, status, { cause });
}
