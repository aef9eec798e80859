// Starts the local services as a child of a plain Node process. Electron has its own way, in the shell.
import { fork } from 'node:child_process';
import type { LocalChild, StartLocalChild } from './local-process.ts';

/** Prepares to fork `backendPath`, the built entry of the local services. What it writes to stderr joins the host's. */
export function forkLocalServices(backendPath: string): StartLocalChild {
  return (): LocalChild => {
    // Detached: Ctrl-C on the host's terminal must reach the host alone, which still needs the broker to wind down.
    // The child ends by itself when the channel closes.
    const child = fork(backendPath, { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    return {
      pid: child.pid,
      send(message) {
        // A child that is gone reports that through its exit, not here.
        if (child.connected) child.send(message, () => {});
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        let told = false;
        const tell = (code: number | null): void => {
          if (!told) listener(code);
          told = true;
        };
        // A child that could not be started has an error and no exit.
        child.once('error', () => tell(null));
        child.once('exit', tell);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
