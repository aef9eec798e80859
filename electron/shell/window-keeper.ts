// Keeps one window open: a page that crashed is replaced, at most three times a minute. The host does not notice.
import { app, type BrowserWindow, dialog } from 'electron';
import type { Log } from '../host/log.ts';

const replacementsPerMinute = 3;
const minuteMs = 60_000;

export interface WindowKeeper {
  /** The window of the moment; null before the first and after the last. */
  current(): BrowserWindow | null;
  /** Brings the window to the front, or opens it. */
  show(): void;
}

/** Opens the first window and keeps it. `create` makes one. */
export function keepWindow(create: () => BrowserWindow, log: Log, now: () => number): WindowKeeper {
  let current: BrowserWindow | null = null;
  let replacedAt: number[] = [];
  let quitting = false;
  app.once('before-quit', () => {
    quitting = true;
  });

  function open(): void {
    const window = create();
    current = window;
    window.once('closed', () => {
      if (current === window) current = null;
    });
    window.webContents.on('did-fail-load', (_event, code, reason, url) =>
      log.error({ code, reason, url }, 'the page did not load'),
    );
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      log.error({ reason, exitCode }, 'the page is gone');
      if (!quitting) replace(window, reason);
    });
    window.on('unresponsive', () => void offerReload(window, log));
  }

  function replace(gone: BrowserWindow, reason: string): void {
    const since = now() - minuteMs;
    replacedAt = replacedAt.filter((at) => at > since);
    if (replacedAt.length >= replacementsPerMinute) {
      void offerReopen(reason).then((reopen) => (reopen ? reopenNow() : app.quit()));
      return;
    }
    replacedAt.push(now());
    reopenNow();

    function reopenNow(): void {
      open();
      // After the new one, so that the app is never without a window.
      if (!gone.isDestroyed()) gone.destroy();
    }
  }

  open();
  return {
    current: () => current,
    show() {
      if (current === null) return open();
      if (current.isMinimized()) current.restore();
      current.show();
      current.focus();
    },
  };
}

async function offerReopen(reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The window keeps failing',
    detail: `The page ended ${replacementsPerMinute + 1} times in a minute (${reason}). The agents are not affected. Reopen it, or quit, which stops the agents.`,
    buttons: ['Reopen', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 0;
}

async function offerReload(window: BrowserWindow, log: Log): Promise<void> {
  log.warn({}, 'the page does not respond');
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: 'The window does not respond',
    detail: 'The agents are not affected. Ctrl+. still stops all trading.',
    buttons: ['Wait', 'Reload the window'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
}
