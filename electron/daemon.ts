// The host without a window, under plain Node: `neural-trader up` starts this.
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { version } from '../package.json';
import { toEnvelope } from './contract/errors.ts';
import { serveControlSocket } from './doors/control-socket.ts';
import { systemClock } from './host/clock.ts';
import { forkLocalServices } from './host/fork-local-services.ts';
import { startHost } from './host/host.ts';
import { fileVault } from './host/sealed-key.ts';
import { openAccountKeys } from './host/accounts/account-keys.ts';
import { openSecrets } from './host/secrets.ts';
import { ensureDataDir, resolvePaths } from './host/paths.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('SIGINT', () => stop.abort());

try {
  await runDaemon(stop.signal);
  process.exit(0);
} catch (error) {
  fail(error);
}

/** Runs until the host closes: asked through a door, by a signal, or because a bug made its state doubtful. */
async function runDaemon(signal: AbortSignal): Promise<void> {
  const paths = resolvePaths(process.env, process.platform);
  ensureDataDir(paths);
  const log = pino(
    { base: { pid: process.pid } },
    pino.destination({ dest: paths.log, sync: true, mode: 0o600 }),
  );
  const host = await startHost({
    paths,
    log,
    clock: systemClock,
    watchdog: fileURLToPath(new URL('./watchdog.js', import.meta.url)),
    startLocal: forkLocalServices(fileURLToPath(new URL('./backend.js', import.meta.url))),
    secrets: openSecrets({
      file: paths.secrets,
      environmentKey: process.env['E2B_API_KEY'],
      vault: fileVault,
    }),
    accountKeys: openAccountKeys(paths.dataDir, fileVault),
    version,
    runtime: `Node ${process.versions.node}`,
    pid: process.pid,
  });
  const bug = closeOnBug(host, (error) => log.fatal({ err: error }, 'unexpected failure; shutting down'));
  const close = (): void => void host.close();
  try {
    if (!(await host.whenConnected)) return;
    const door = await serveControlSocket(host, paths.controlSocket);
    log.info({ socket: paths.controlSocket, version }, 'host is up');
    if (signal.aborted) close();
    signal.addEventListener('abort', close, { once: true });
    await host.whenClosed;
    await door.close();
  } finally {
    await host.close();
  }
  log.info({}, 'host is down');
  const error = bug();
  if (error !== null) throw error;
}

/** A bug that nobody caught ends the host in order, so that no agent trades on a doubtful state. Returns the bug, if any. */
function closeOnBug(host: { close(): Promise<void> }, report: (error: unknown) => void): () => unknown {
  let bug: unknown = null;
  const end = (error: unknown): void => {
    bug ??= error;
    report(error);
    host.close().catch(fail);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  return () => bug;
}

/** One JSON line on stderr, which `up` reads back to its user. */
function fail(error: unknown): never {
  const { code, message } = toEnvelope(error);
  const stack = code === 'INTERNAL' && error instanceof Error ? { stack: error.stack } : {};
  process.stderr.write(`${JSON.stringify({ code, message, ...stack })}\n`);
  process.exit(1);
}
