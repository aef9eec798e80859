// The way out: however quitting begins, the host is closed in order before the process ends.
import { app, powerMonitor } from 'electron';
import type { Log } from '../host/log.ts';

// Longer than the host's own deadlines, so that it is reached only by a host that hangs.
const deadlineMs = 25_000;

/** Runs `close` before the app ends. A bug that nobody caught ends it too, with exit code 1. */
export function quitInOrder(close: () => Promise<void>, log: Log): void {
  let closing = false;
  let exitCode = 0;
  const fail = (error: unknown, message: string): void => {
    exitCode = 1;
    log.error({ err: error }, message);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    const late = setTimeout(() => app.exit(1), deadlineMs);
    void close()
      .catch((error: unknown) => fail(error, 'the host did not close'))
      .finally(() => {
        clearTimeout(late);
        app.exit(exitCode);
      });
  });
  // No agent may trade on a state that a bug has made doubtful.
  const endOnBug = (error: unknown): void => {
    fail(error, 'unexpected failure; shutting down');
    app.quit();
  };
  process.on('uncaughtException', endOnBug);
  process.on('unhandledRejection', endOnBug);
  process.on('SIGTERM', () => app.quit());
  process.on('SIGINT', () => app.quit());
  powerMonitor.on('shutdown', () => app.quit());
  app.on('window-all-closed', () => app.quit());
}
