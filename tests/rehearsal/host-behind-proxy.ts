// A whole host whose sandbox provider is reached through a fault proxy, and a client that sees the provider as it is.
import { fileURLToPath } from 'node:url';
import { E2B } from 'e2b/dist/index.mjs';
import { onTestFinished } from 'vitest';
import { FromLocalServices, type LocalServicesReady } from '../../electron/contract/local-services.ts';
import { forkLocalServices } from '../../electron/host/fork-local-services.ts';
import { type Host, startHost } from '../../electron/host/host.ts';
import { openAccountKeys } from '../../electron/host/accounts/account-keys.ts';
import { fileVault } from '../../electron/host/sealed-key.ts';
import { openSecrets } from '../../electron/host/secrets.ts';
import type { LocalChild } from '../../electron/host/local-process.ts';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { silentLog } from '../support/followed-link.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withoutWarmPool } from '../support/without-warm-pool.ts';

const backend = fileURLToPath(new URL('../../out/backend.js', import.meta.url));
const watchdog = fileURLToPath(new URL('../../out/watchdog.js', import.meta.url));

export interface HostBehindProxy {
  readonly host: Host;
  /** In front of the services that run now; a change of the market starts others. */
  proxy(): FaultProxy;
  /** Lets the host's wall clock jump ahead. */
  skip(ms: number): void;
  /** Ids that the provider runs, asked past the proxy. */
  running(): Promise<string[]>;
  /** Ids of the sandboxes that the desk believes alive. */
  believed(): Promise<string[]>;
}

/** Starts both; they are closed when the running test ends. */
export async function startHostBehindProxy(): Promise<HostBehindProxy> {
  const paths = resolvePaths({ NEURAL_TRADER_HOME: temporaryDirectory() }, process.platform);
  ensureDataDir(paths);
  withoutWarmPool(paths.dataDir);
  let skippedMs = 0;
  const started: { proxy: FaultProxy; ready: LocalServicesReady }[] = [];
  const fork = forkLocalServices(backend);
  const host = await startHost({
    paths,
    watchdog,
    clock: { now: () => Date.now() + skippedMs, monotonicMs: () => performance.now() },
    log: silentLog,
    secrets: openSecrets({ file: paths.secrets, environmentKey: undefined, vault: fileVault }),
    accountKeys: openAccountKeys(paths.dataDir, fileVault),
    version: '0.0.0-test',
    runtime: `Node ${process.versions.node}`,
    pid: process.pid,
    startLocal: () => throughProxy(fork(), (proxy, ready) => void started.push({ proxy, ready })),
  });
  onTestFinished(async () => {
    await host.close();
    await Promise.all(started.map(({ proxy }) => proxy.close()));
  });
  await host.whenConnected;
  const latest = (): { proxy: FaultProxy; ready: LocalServicesReady } => {
    const last = started.at(-1);
    if (!last) throw new Error('the local services did not start');
    return last;
  };
  return {
    host,
    proxy: () => latest().proxy,
    skip(ms) {
      skippedMs += ms;
    },
    async running() {
      const { sandboxUrl, e2bApiKey } = latest().ready;
      const client = new E2B({ apiKey: e2bApiKey, apiUrl: sandboxUrl, sandboxUrl });
      const found = await client.Sandbox.list().nextItems();
      return found.map(({ sandboxId }) => sandboxId).sort();
    },
    async believed() {
      const { sandboxes } = (await host.call('sandboxes.list', {}, 'cli')) as {
        sandboxes: { sandboxId: string | null }[];
      };
      return sandboxes.map(({ sandboxId }) => String(sandboxId)).sort();
    },
  };
}

/** Rewrites the address that the services announce. */
function throughProxy(
  child: LocalChild,
  onProxy: (proxy: FaultProxy, ready: LocalServicesReady) => void,
): LocalChild {
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.send(message),
    onExit: (listener) => child.onExit(listener),
    kill: () => child.kill(),
    onMessage(listener) {
      child.onMessage((message) => {
        const parsed = FromLocalServices.safeParse(message);
        if (!parsed.success || parsed.data.kind !== 'ready') return listener(message);
        const { ready } = parsed.data;
        void startFaultProxy(ready.sandboxUrl).then((proxy) => {
          onProxy(proxy, ready);
          listener({ kind: 'ready', ready: { ...ready, sandboxUrl: proxy.url } });
        });
      });
    },
  };
}
