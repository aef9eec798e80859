// A headless host in a process of its own, whose event loop a test can keep busy, with the demo broker beside it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { onTestFinished, vi } from 'vitest';
import { FromLocalServices, type LocalServicesReady } from '../../electron/contract/local-services.ts';
import { emptyReplica, foldFrame } from '../../electron/contract/replica.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { connectDesk, type DeskClient } from '../../electron/doors/control-client.ts';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { createBrokerAddress } from '../../electron/host/trading/alpaca/broker-address.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const daemon = fileURLToPath(new URL('../../out/daemon.js', import.meta.url));
const hangs = new URL('./hangs-on-demand.mjs', import.meta.url).href;

export interface HangingDesk {
  /** Resolves when the host serves its socket. */
  start(): Promise<void>;
  call(name: string, input: unknown): Promise<unknown>;
  /** As a window folds it. */
  state(): DeskState;
  /** The demo broker, past the host. */
  broker(): Alpaca['trading'];
  /** Keeps the host's event loop busy until the returned function is called. */
  hang(): () => void;
  stop(): Promise<void>;
}

/** Prepares the data directory; the process that runs at the test's end is killed. */
export function createHangingDesk(settings: object): HangingDesk {
  if (!existsSync(daemon)) throw new Error('out/daemon.js is missing: run npm run build first');
  const home = temporaryDirectory();
  const paths = resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform);
  ensureDataDir(paths);
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ pool: { size: 0 }, ...settings }));
  const wake = join(home, 'wake');
  let child: ChildProcess | null = null;
  let client: DeskClient | null = null;
  let ready: LocalServicesReady | null = null;
  let replica = emptyReplica;
  onTestFinished(() => void child?.kill('SIGKILL'));

  return {
    async start() {
      child = fork(daemon, {
        env: { ...process.env, NEURAL_TRADER_HOME: home },
        execArgv: ['--import', hangs],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      child.on('message', (message) => {
        const told = FromLocalServices.parse(message);
        if (told.kind === 'ready') ready = told.ready;
      });
      client = await vi.waitFor(() => connectDesk(paths.controlSocket, 1_000), {
        timeout: 60_000,
        interval: 50,
      });
      replica = emptyReplica;
      await client.subscribe((frame, subscription) => {
        const next = foldFrame(replica, frame);
        replica = next ?? replica;
        if (next) subscription.ack();
        else subscription.resync();
      });
      await vi.waitFor(
        () => {
          if (!replica.state.host) throw new Error('no snapshot yet');
        },
        { timeout: 60_000 },
      );
    },
    call(name, input) {
      if (!client) throw new Error('the host was not started');
      return client.call(name, input);
    },
    state: () => replica.state,
    broker() {
      if (!ready) throw new Error('the local services do not run');
      const { fetch: fetchApi } = createBrokerAddress({
        mode: 'demo',
        modeInForce: () => 'demo',
        loopback: ready,
      });
      const { keyId, secret } = ready;
      return new Alpaca({ keyId, secret, paper: true, fetchApi, rateLimit: false }).trading;
    },
    hang() {
      rmSync(wake, { force: true });
      child?.send({ hangUntil: wake });
      return () => writeFileSync(wake, '');
    },
    async stop() {
      if (!child) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      client?.close();
      child = null;
    },
  };
}
