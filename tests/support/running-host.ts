// A real host for tests: real addon, real local services in a child process, a data directory of its own.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { E2B } from 'e2b/dist/index.mjs';
import { expect, onTestFinished } from 'vitest';
import type { InputOf, OutputOf } from '../../electron/contract/define-operation.ts';
import type { Subscription } from '../../electron/contract/desk.ts';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import { FromLocalServices, type LocalServicesReady } from '../../electron/contract/local-services.ts';
import { findOperation, type OperationName, type OperationOf } from '../../electron/contract/operations.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { systemClock } from '../../electron/host/clock.ts';
import { forkLocalServices } from '../../electron/host/fork-local-services.ts';
import { startHost } from '../../electron/host/host.ts';
import { openAccountKeys } from '../../electron/host/accounts/account-keys.ts';
import { fileVault } from '../../electron/host/sealed-key.ts';
import { openSecrets } from '../../electron/host/secrets.ts';
import type { Log } from '../../electron/host/log.ts';
import type { LoopbackBroker } from '../../electron/host/trading/alpaca/broker-address.ts';
import type { LocalChild } from '../../electron/host/local-process.ts';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { withoutWarmPool } from './without-warm-pool.ts';

const backend = fileURLToPath(new URL('../../out/backend.js', import.meta.url));
const watchdog = fileURLToPath(new URL('../../out/watchdog.js', import.meta.url));
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Subscribe = (send: (frame: FeedFrame) => void) => Subscription;

export interface RunningHost {
  /** Calls an operation; the answer is checked against the contract's own schema. */
  call<N extends OperationName>(name: N, input: InputOf<OperationOf<N>>): Promise<OutputOf<OperationOf<N>>>;
  /** Calls with input that the types would not allow. */
  callRaw(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** As it is now. */
  state(): DeskState;
  /** Pid and addresses of the local services that run now. */
  services(): { readonly pid: number; readonly ready: LocalServicesReady };
  /** Runs a command in a sandbox through the SDK, beside the host. */
  runInSandbox(sandboxId: string, command: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a host on the directory; it is closed when the test ends. */
export async function startRunningHost(
  home: string,
  log: Log = silent,
  loopbackBroker?: LoopbackBroker,
): Promise<RunningHost> {
  if (!existsSync(backend)) throw new Error('out/backend.js is missing: run npm run build first');
  const paths = resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform);
  ensureDataDir(paths);
  withoutWarmPool(paths.dataDir);
  let child: LocalChild | null = null;
  let ready: LocalServicesReady | null = null;
  const fork = forkLocalServices(backend);
  const host = await startHost({
    paths,
    watchdog,
    clock: systemClock,
    log,
    secrets: openSecrets({ file: paths.secrets, environmentKey: undefined, vault: fileVault }),
    accountKeys: openAccountKeys(paths.dataDir, fileVault),
    ...(loopbackBroker ? { loopbackBroker } : {}),
    version: '0.0.0-test',
    runtime: `Node ${process.versions.node}`,
    pid: process.pid,
    startLocal() {
      const started = fork();
      child = started;
      started.onMessage((message) => {
        const parsed = FromLocalServices.safeParse(message);
        if (parsed.success && parsed.data.kind === 'ready') ready = parsed.data.ready;
      });
      return started;
    },
  });
  onTestFinished(() => host.close());
  await host.whenConnected;
  return {
    async call(name, input) {
      const answer = await host.call(name, input, 'cli');
      return parseAnswer(name, answer);
    },
    callRaw: (name, input, signal) => host.call(name, input, 'cli', signal),
    state: () => currentState((send) => host.subscribe(send)),
    services() {
      if (child?.pid === undefined || !ready) throw new Error('the local services do not run');
      return { pid: child.pid, ready };
    },
    async runInSandbox(sandboxId, command) {
      if (!ready) throw new Error('the local services do not run');
      const client = new E2B({
        apiKey: ready.e2bApiKey,
        apiUrl: ready.sandboxUrl,
        sandboxUrl: ready.sandboxUrl,
      });
      const sandbox = await client.Sandbox.connect(sandboxId);
      return (await sandbox.commands.run(command)).stdout;
    },
    close: () => host.close(),
  };
}

function parseAnswer<N extends OperationName>(name: N, answer: unknown): OutputOf<OperationOf<N>> {
  const operation = findOperation(name);
  if (!operation) throw new Error(`${name} is not in the catalogue`);
  return operation.output.parse(answer) as OutputOf<OperationOf<N>>;
}

/** What a window that opens now is shown first: no frame is on its way. */
function currentState(subscribe: Subscribe): DeskState {
  let state: DeskState | null = null;
  subscribe((frame) => {
    if (frame.kind === 'snapshot') state = frame.state;
  }).close();
  return state ?? expect.fail('a subscription did not begin with a snapshot');
}
