// Where the desk keeps its files. A host and its clients must compute the same answer, each on its own.
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { DeskError } from '../contract/errors.ts';

export interface DeskPaths {
  /** Absolute; only this user may enter it. */
  readonly dataDir: string;
  /** A unix socket, or a named pipe on Windows. */
  readonly controlSocket: string;
  readonly lockFile: string;
  readonly journal: string;
  readonly settings: string;
  /** Keys, readable by this user alone. */
  readonly secrets: string;
  readonly log: string;
  /** Folder of what agents have learnt. */
  readonly learnt: string;
  /** Folder of kept backtests. */
  readonly backtests: string;
  /** Folder of what lives as long as one backtest. */
  readonly scratch: string;
}

// The kernel's limit on a socket's path is 104 bytes on macOS and 108 on Linux.
const longestSocketPath = 100;

/** Computes the desk's paths from the environment; touches no file. NEURAL_TRADER_HOME names another data directory. */
export function resolvePaths(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): DeskPaths {
  const path = platform === 'win32' ? win32 : posix;
  const dataDir = env['NEURAL_TRADER_HOME']
    ? path.resolve(env['NEURAL_TRADER_HOME'])
    : defaultDataDir(env, platform);
  return {
    dataDir,
    controlSocket: controlSocketOf(dataDir, platform),
    lockFile: path.join(dataDir, 'host.lock'),
    journal: path.join(dataDir, 'journal.db'),
    settings: path.join(dataDir, 'settings.json'),
    secrets: path.join(dataDir, 'secrets.json'),
    log: path.join(dataDir, 'host.log'),
    learnt: path.join(dataDir, 'learnt'),
    backtests: path.join(dataDir, 'backtests'),
    scratch: path.join(dataDir, 'scratch'),
  };
}

/** Creates the data directory, open to this user alone. Fails with DATA_DIR_UNWRITABLE. */
export function ensureDataDir(paths: DeskPaths): void {
  try {
    mkdirSync(paths.dataDir, { recursive: true, mode: 0o700 });
    accessSync(paths.dataDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeskError(
      'DATA_DIR_UNWRITABLE',
      `The data directory ${paths.dataDir} cannot be written (${reason}). Make it writable, or name another one in NEURAL_TRADER_HOME.`,
      { dataDir: paths.dataDir },
      { cause },
    );
  }
}

function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') {
    const home = env['USERPROFILE'] ?? homedir();
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'neural-trader');
  }
  const home = env['HOME'] ?? homedir();
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'neural-trader');
  const xdg = env['XDG_DATA_HOME'];
  return posix.join(
    xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'),
    'neural-trader',
  );
}

function controlSocketOf(dataDir: string, platform: NodeJS.Platform): string {
  const name = `neural-trader-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const beside = posix.join(dataDir, 'control.sock');
  // /tmp itself, not TMPDIR or XDG_RUNTIME_DIR: those differ between a login shell, a service and a timer.
  return Buffer.byteLength(beside) <= longestSocketPath ? beside : posix.join('/tmp', `${name}.sock`);
}
