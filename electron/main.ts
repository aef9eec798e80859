// Entry of the desktop app: the window and the host, side by side in Electron's main process.
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { pino } from 'pino';
import { version } from '../package.json';
import { serveControlSocket } from './doors/control-socket.ts';
import { openWindowDoor } from './doors/ipc.ts';
import type { DeskCommand } from './doors/ipc-channels.ts';
import { systemClock } from './host/clock.ts';
import type { Host } from './host/host.ts';
import type { Log } from './host/log.ts';
import { openAccountKeys } from './host/accounts/account-keys.ts';
import { openSecrets } from './host/secrets.ts';
import { ensureDataDir, resolvePaths } from './host/paths.ts';
import { declareAppScheme, serveAppScheme } from './shell/app-scheme.ts';
import { guardClose } from './shell/close-guard.ts';
import { openKeychain } from './shell/keychain.ts';
import { failToStart } from './shell/fail-to-start.ts';
import { utilityLocalServices } from './shell/local-child.ts';
import { lockDown } from './shell/lockdown.ts';
import { installMenu } from './shell/menu.ts';
import { quitInOrder } from './shell/quit.ts';
import { createStopAll } from './shell/stop-all.ts';
import { installTray } from './shell/tray.ts';
import { createDeskWindow } from './shell/window.ts';
import { keepWindow, type WindowKeeper } from './shell/window-keeper.ts';

const built = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const paths = resolvePaths(process.env, process.platform);
const commandAnswerMs = 500;

app.setName('Neural Trader Desk');
// Each data directory has its own desk, so the lock on a second start is kept there.
app.setPath('userData', join(paths.dataDir, 'window'));
declareAppScheme();
app.whenReady().then(openDesk).catch(failToStart);

async function openDesk(): Promise<void> {
  ensureDataDir(paths);
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  const log = pino(
    { base: { pid: process.pid } },
    pino.destination({ dest: paths.log, sync: true, mode: 0o600 }),
  );
  lockDown();
  serveAppScheme(built('renderer/'));
  // The window comes first: it draws its skeleton while the host starts.
  const host = nextTurn().then(() => hostHere(log));
  const windows = openWindow(host, log);
  const closed = host.then(serveUntilClosed);
  quitInOrder(async () => {
    await (await host).close();
    await closed;
  }, log);
  app.on('second-instance', () => windows.show());
  app.on('child-process-gone', (_event, detail) => log.error({ detail }, 'a child process is gone'));
  await closed;
  app.quit();
}

async function hostHere(log: Log): Promise<Host> {
  // Loaded while the page draws: the two SDKs take longer to read than a window takes to open.
  const { startHost } = await import('./host/host.ts');
  const vault = openKeychain(process.platform);
  return startHost({
    paths,
    log,
    clock: systemClock,
    watchdog: built('watchdog.js'),
    startLocal: utilityLocalServices(built('backend.js')),
    secrets: openSecrets({
      file: paths.secrets,
      environmentKey: process.env['E2B_API_KEY'],
      vault,
    }),
    accountKeys: openAccountKeys(paths.dataDir, vault),
    version,
    runtime: `Electron ${process.versions.electron}`,
    pid: process.pid,
  });
}

/** Opens the control socket, and closes it after the host, whoever ended that. */
async function serveUntilClosed(host: Host): Promise<void> {
  try {
    if (!(await host.whenConnected)) return;
    const socket = await serveControlSocket(host, paths.controlSocket);
    await host.whenClosed;
    await socket.close();
  } finally {
    await host.close();
  }
}

function openWindow(host: Promise<Host>, log: Log): WindowKeeper {
  const door = openWindowDoor(host, systemClock.now);
  const stopAll = createStopAll({ desk: host, door, window: () => windows.current() });
  const windows = keepWindow(
    () => {
      const window = createDeskWindow({
        preload: built('preload.cjs'),
        icon: built('../assets/icon.png'),
        onStopAll: () => void stopAll(),
      });
      door.admit(window);
      guardClose(window, host);
      return window;
    },
    log,
    systemClock.monotonicMs,
  );
  const command = (name: DeskCommand): void => {
    const window = windows.current();
    if (window) void door.command(window, name, commandAnswerMs);
  };
  const actions = {
    show: windows.show,
    stopAll: () => void stopAll(),
    deploy: () => command('open-deploy'),
    toggleTheme: () => command('toggle-theme'),
    quit: () => windows.current()?.close(),
  };
  installMenu(actions);
  installTray(built('../assets/tray.png'), actions, log);
  return windows;
}
