// A headless host in a process of its own, that can be killed and started again on the same data directory.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { emptyReplica, foldFrame } from '../../electron/contract/replica.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { connectDesk, type DeskClient } from '../../electron/doors/control-client.ts';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const daemon = fileURLToPath(new URL('../../out/daemon.js', import.meta.url));
const settings = { pool: { size: 0 }, market: { source: 'replay', file: 'sp500', barsPerSecond: 40 } };

export interface KilledDesk {
  readonly home: string;
  /** Resolves when the host serves its socket. */
  start(): Promise<void>;
  call(name: string, input: unknown): Promise<unknown>;
  /** As a window folds it. */
  state(): DeskState;
  /** Ends the process without notice. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Prepares the data directory; the process that runs at the test's end is killed. */
export async function startKilledDesk(): Promise<KilledDesk> {
  if (!existsSync(daemon)) throw new Error('out/daemon.js is missing: run npm run build first');
  const home = temporaryDirectory();
  const paths = resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform);
  ensureDataDir(paths);
  writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  let child: ChildProcess | null = null;
  let client: DeskClient | null = null;
  let replica = emptyReplica;
  onTestFinished(() => void child?.kill('SIGKILL'));

  async function ended(end: () => void): Promise<void> {
    if (!child) return;
    const exited = once(child, 'exit');
    end();
    await exited;
    child = null;
    client?.close();
  }

  return {
    home,
    async start() {
      child = fork(daemon, { env: { ...process.env, NEURAL_TRADER_HOME: home }, stdio: 'ignore' });
      client = await vi.waitFor(() => connectDesk(paths.controlSocket, 1_000), {
        timeout: 30_000,
        interval: 50,
      });
      replica = emptyReplica;
      await client.subscribe((frame, subscription) => {
        const next = foldFrame(replica, frame);
        replica = next ?? replica;
        if (next) subscription.ack();
        else subscription.resync();
      });
      await vi.waitFor(() => {
        if (!replica.state.host) throw new Error('no snapshot yet');
      });
    },
    call(name, input) {
      if (!client) throw new Error('the host was not started');
      return client.call(name, input);
    },
    state: () => replica.state,
    kill: () => ended(() => child?.kill('SIGKILL')),
    stop: () => ended(() => child?.kill('SIGTERM')),
  };
}
