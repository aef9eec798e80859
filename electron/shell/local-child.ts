// Starts the local services as Electron's utility process.
import { utilityProcess } from 'electron';
import type { LocalChild, StartLocalChild } from '../host/local-process.ts';

/** Prepares to fork `backendPath`, the built entry of the local services. What it writes to stderr joins the host's. */
export function utilityLocalServices(backendPath: string): StartLocalChild {
  return (): LocalChild => {
    const child = utilityProcess.fork(backendPath, [], {
      serviceName: 'Neural Trader local services',
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return {
      get pid() {
        return child.pid;
      },
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      kill() {
        // `child.kill` only asks, with SIGTERM.
        if (child.pid === undefined) child.kill();
        else process.kill(child.pid, 'SIGKILL');
      },
    };
  };
}
