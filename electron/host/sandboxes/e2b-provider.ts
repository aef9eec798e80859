// The only files that know the e2b SDK are this one, e2b-sandbox, e2b-templates and e2b-failure. Its CommonJS build needs a newer Node
// than Electron 33 has, so the other one is named. Settings decide whether it talks to the cloud or to the local runtime.
import { E2B, SandboxError } from 'e2b/dist/index.mjs';
import { DeskError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/names.ts';
import { type FoundKey, keyRemedy } from '../secrets.ts';
import { named, type Naming, namedWithKey, neverRepeat } from './e2b-failure.ts';
import { wrapSandbox } from './e2b-sandbox.ts';
import { createTemplateLibrary } from './e2b-templates.ts';
import {
  apiAddress,
  assertAddressAllowed,
  assertCloudAllowed,
  type CloudChoice,
} from './provider-address.ts';
import type { CreateRequest, FleetSandbox, ListedSandbox, SandboxProvider } from './provider.ts';

const requestTimeoutMs = 30_000;

export interface LocalEndpoint {
  readonly url: string;
  readonly apiKey: string;
}

export interface CloudParts {
  readonly choice: CloudChoice;
  readonly mode: Mode;
  readonly key: FoundKey | null;
  readonly requestTimeoutMs?: number;
}

/** Connects to the local runtime. Throws FORBIDDEN_ADDRESS for anything but loopback. */
export function createLocalProvider(endpoint: LocalEndpoint): SandboxProvider {
  assertAddressAllowed('demo', endpoint.url);
  const { url, apiKey } = endpoint;
  return createProvider('local', { apiKey, apiUrl: url, sandboxUrl: url }, named);
}

/**
 * Connects to E2B's cloud or to a self-hosted E2B; nothing is sent yet.
 * Throws FORBIDDEN_ADDRESS where the mode may not reach it, and PROVIDER_KEY_MISSING.
 */
export function createCloudProvider({ choice, mode, key, ...limits }: CloudParts): SandboxProvider {
  assertCloudAllowed(mode, choice);
  if (!key)
    throw new DeskError('PROVIDER_KEY_MISSING', `There is no key for ${apiAddress(choice)}. ${keyRemedy}`, {
      address: apiAddress(choice),
    });
  const { source, value: apiKey } = key;
  const { domain, sandboxUrl } = choice;
  return createProvider(
    'e2b',
    { apiKey, domain, apiUrl: apiAddress(choice), ...(sandboxUrl ? { sandboxUrl } : {}), ...limits },
    (action, run) => namedWithKey(action, source, run),
  );
}

/**
 * Each open stream over plain HTTP holds one connection and the SDK allows 200; the cap is read at first use, so it is
 * raised here. The SDK would take what an option leaves open from these variables, and go where the settings do not say.
 */
function takeOverEnvironment(): void {
  process.env['E2B_ENVD_RPC_CONNECTIONS'] ??= '2048';
  for (const name of ['E2B_DOMAIN', 'E2B_API_URL', 'E2B_SANDBOX_URL', 'E2B_DEBUG'])
    Reflect.deleteProperty(process.env, name);
}

function createProvider(
  name: SandboxProvider['name'],
  options: ConstructorParameters<typeof E2B>[0] & { readonly apiKey: string },
  attempt: Naming,
): SandboxProvider {
  takeOverEnvironment();
  neverRepeat(options.apiKey);
  const connection = { requestTimeoutMs, ...options };
  const client = new E2B(connection);
  return {
    name,
    templates: createTemplateLibrary(connection, attempt),
    create: (request) => attempt('create a sandbox', () => createSandbox(client, request)),
    connect: (sandboxId, timeoutMs) =>
      attempt(`reach sandbox ${sandboxId}`, async () =>
        wrapSandbox(await client.Sandbox.connect(sandboxId, { timeoutMs })),
      ),
    list: (metadata) => attempt('list its sandboxes', () => listSandboxes(client, metadata)),
    kill: (sandboxId) => attempt(`end sandbox ${sandboxId}`, () => client.Sandbox.kill(sandboxId)),
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
      const { sandboxId, state, metadata: own, startedAt, endAt } = info;
      listed.push({
        sandboxId,
        state,
        metadata: own,
        startedAt: startedAt.getTime(),
        endAt: endAt.getTime(),
      });
    }
  }
  return listed;
}

/** A 429 that says when to come back is waited for by the SDK, three times, before it is an error here. */
async function createSandbox(client: E2B, request: CreateRequest): Promise<FleetSandbox> {
  const { template, metadata, timeoutMs, signal } = request;
  try {
    const sandbox = await client.Sandbox.create(template, {
      metadata: { ...metadata },
      timeoutMs,
      allowInternetAccess: false,
      ...(signal ? { signal } : {}),
    });
    return wrapSandbox(sandbox);
  } catch (cause) {
    if (!(cause instanceof SandboxError && cause.statusCode === 404)) throw cause;
    throw new DeskError(
      'TEMPLATE_NOT_FOUND',
      `The sandbox provider has no template "${template}". See templates for those it has, or use "base".`,
      { template },
    );
  }
}
