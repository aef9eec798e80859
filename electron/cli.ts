// The command line, `neural-trader`: a client of the host that runs, plus what starts and ends one.
import { fileURLToPath } from 'node:url';
import { version } from '../package.json';
import { createProcessIo } from './doors/cli/process-io.ts';
import { runCli } from './doors/cli/run-cli.ts';

const io = createProcessIo({
  version,
  daemonPath: fileURLToPath(new URL('./daemon.js', import.meta.url)),
  async startLocalServices(config) {
    // Loaded for `local` alone: every other command must start fast and works without the native addon.
    const { startLocalServices } = await import('./local/local-services.ts');
    return startLocalServices(config, { clock: { now: Date.now }, report: (error) => console.error(error) });
  },
  async openResearch(paths) {
    const { openLocalResearch } = await import('./host/local-research.ts');
    const print = (detail: object, message: string): void => console.error(message, detail);
    return openLocalResearch(paths, { info: print, warn: print, error: print });
  },
});

// Not process.exit: an answer that fills a pipe is still being written.
process.exitCode = await runCli(process.argv.slice(2), io);
