// The only files that know the e2b SDK are this one, e2b-sandbox and e2b-failure. Its CommonJS build needs a newer Node
// than Electron 33 has, so the other one is named. Settings decide whether it talks to the cloud or to the local runtime.
import { E2B } from 'e2b/dist/index.mjs';
import { DeskError } from '../../contract/errors.ts';
import { named } from './e2b-failure.ts';
import { wrapSandbox } from './e2b-sandbox.ts';
import type { CreateRequest, FleetSandbox, ListedSandbox, SandboxProvider } from './provider.ts';

const requestTimeoutMs = 30_000;

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
function assertLoopback(address: string): void {
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
    connect: (sandboxId, timeoutMs) =>
      named(`reach sandbox ${sandboxId}`, async () =>
        wrapSandbox(await client.Sandbox.connect(sandboxId, { timeoutMs })),
      ),
    list: (metadata) => named('list its sandboxes', () => listSandboxes(client, metadata)),
    kill: (sandboxId) => named(`end sandbox ${sandboxId}`, () => client.Sandbox.kill(sandboxId)),
  };
}

async function listSandboxes(
  client: E2B,
  metadata: Readonly<Record<string, string>>,
): Promise<ListedSandbox[]> {
  const paginator = client.Sandbox.list({
    query: { metadata: { ...metadata }, state: ['running', 'paused'] },
  });
  const listed: ListedSandbox[] = [];
  while (paginator.hasNext) {
    for (const info of await paginator.nextItems()) {
      const { sandboxId, state } = info;
      listed.push({ sandboxId, state, metadata: info.metadata, endAt: info.endAt.getTime() });
    }
  }
  return listed;
}

/** A 429 that says when to come back is waited for by the SDK, three times, before it is an error here. */
async function createSandbox(client: E2B, request: CreateRequest): Promise<FleetSandbox> {
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
