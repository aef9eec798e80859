// The end of a start that failed: said on stderr and in a native box, with exit code 1.
import { app, dialog } from 'electron';
import { toEnvelope } from '../contract/errors.ts';

/** Reports why the desk cannot start, then ends the app. Needs Electron to be ready. */
export function failToStart(error: unknown): void {
  const { code, message } = toEnvelope(error);
  const stack = code === 'INTERNAL' && error instanceof Error ? `\n${error.stack}` : '';
  process.stderr.write(`${code}: ${message}${stack}\n`);
  dialog.showErrorBox('Neural Trader Desk cannot start', `${message}\n\n${code}`);
  app.exit(1);
}
