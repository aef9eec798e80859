// Isolation on Linux: per sandbox one bubblewrap with its own user, mount, process, IPC, host name and network
// namespaces and no network. It runs nothing but a keeper; commands join its namespaces, so they see one another and
// nothing else. The first process inside takes all others with it when it dies, and it dies with the services.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Code, ConnectError } from '@connectrpc/connect';
import { z } from 'zod';
import { announcing, type CommandLine, type Enclosure, type EnclosureOptions } from './enclosure.ts';
import { systemCode } from '../envd/faults.ts';
import { withoutTerminals } from './open-terminals.ts';
import type { SystemDirectories } from './system-directories.ts';

const run = promisify(execFile);

/** Where the programs are on this machine. */
export interface IsolationTools {
  readonly bwrap: string;
  readonly nsenter: string;
  readonly setpriv: string;
}

const home = '/home/user';
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
// Where services run as root, the account inside owns these files, and bubblewrap by itself leaves some writable.
const kernelControls = ['sys', 'sysrq-trigger', 'irq', 'bus', 'acpi', 'fs', 'mtrr', 'pressure', 'scsi'].map(
  (name) => `/proc/${name}`,
);
// Says that everything is mounted, then holds the namespaces until the services close its input or die.
const keeper = 'echo ready; exec cat >/dev/null';

const Info = z.object({ 'child-pid': z.int().positive() });

/** Starts building the namespaces at once; commands wait for `ready`. */
export function openBubblewrap(
  tools: IsolationTools,
  system: SystemDirectories,
  options: EnclosureOptions,
): Enclosure {
  linkSystem(system, options.root);
  // Its first process stays visible inside: arguments on a descriptor keep the machine's paths out of `ps`.
  const { file, args, env } = withoutTerminals({
    file: tools.bwrap,
    args: ['--args', '4', '--', '/bin/sh', '-c', keeper],
    env: {},
  });
  const monitor = spawn(file, args, {
    env,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  give(monitor, bubblewrapArgs(system, options));
  let firstProcess: number | undefined;
  const ended = new Promise<void>((resolve) => {
    monitor.once('exit', () => resolve());
    monitor.once('error', () => resolve());
  }).then(() => {
    // The number may soon mean another process.
    firstProcess = undefined;
  });
  const ready = whenReady(monitor).then((pid) => {
    firstProcess = pid;
  });
  // A sandbox that never runs a command need not hear of it; one that does awaits `ready` itself.
  ready.catch(() => undefined);

  // From inside, one call reaches all processes but the first and itself, and none can be started meanwhile.
  async function signalAll(signal: 'STOP' | 'CONT'): Promise<void> {
    await ready;
    if (firstProcess === undefined) throw new ConnectError('the sandbox has ended', Code.Unavailable);
    const all = ['/bin/sh', '-c', `kill -s ${signal} -- -1`];
    await run(tools.nsenter, [...inside(firstProcess), ...all], { env: {}, cwd: '/' });
  }

  return {
    home,
    ready,
    ended,
    enter(command) {
      if (firstProcess === undefined) throw new ConnectError('the sandbox has ended', Code.Unavailable);
      // Stopped with its sandbox, nsenter could not end by itself when the services die.
      const args = ['--pdeathsig', 'KILL', '--', tools.nsenter, ...nsenterArgs(firstProcess, command)];
      return { file: tools.setpriv, args, env: {} };
    },
    leaderOf: onlyChildOf,
    freeze: () => signalAll('STOP'),
    thaw: () => signalAll('CONT'),
    async close() {
      // While it is still being built, its root is still being written to.
      await ready.catch(() => undefined);
      // Killing the first process ends all others before bubblewrap itself sees it gone.
      if (firstProcess === undefined) monitor.kill('SIGKILL');
      else killIfThere(firstProcess);
      await ended;
    },
  };
}

// Bubblewrap refuses links that are there from an earlier start on the same root.
function linkSystem({ links }: SystemDirectories, root: string): void {
  for (const [path, target] of links) {
    try {
      symlinkSync(target, join(root, path));
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function whenReady(monitor: ChildProcess): Promise<number> {
  const info = monitor.stdio[3];
  if (!(info instanceof Readable) || monitor.stdout === null || monitor.stderr === null) {
    throw new Error('bubblewrap was started without its pipes');
  }
  monitor.stdin?.on('error', () => undefined);
  const complaint = text(monitor.stderr);
  const failed = once(monitor, 'close').then(async () => {
    throw new ConnectError(
      `the sandbox could not be isolated: ${(await complaint).trim()}`,
      Code.Unavailable,
    );
  });
  failed.catch(() => undefined);
  const [description] = await Promise.race([Promise.all([text(info), once(monitor.stdout, 'data')]), failed]);
  return Info.parse(JSON.parse(description))['child-pid'];
}

function give(monitor: ChildProcess, args: readonly string[]): void {
  const input = monitor.stdio[4];
  if (!(input instanceof Writable)) throw new Error('bubblewrap was started without its pipes');
  input.on('error', () => undefined);
  input.end(args.map((arg) => `${arg}\0`).join(''));
}

function bubblewrapArgs(system: SystemDirectories, { root, sandboxId }: EnclosureOptions): string[] {
  return [
    ...['--bind', root, '/', ...system.binds, '--proc', '/proc', '--tmpfs', '/dev'],
    ...kernelControls.flatMap((path) => ['--ro-bind-try', path, path]),
    ...devices.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...['--dir', '/dev/shm', '--symlink', '/proc/self/fd', '/dev/fd'],
    ...['stdin', 'stdout', 'stderr'].flatMap((name, fd) => [
      '--symlink',
      `/proc/self/fd/${fd}`,
      `/dev/${name}`,
    ]),
    // No devpts: mounting it would cost a second user namespace, which commands of an ordinary account cannot join.
    ...['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '1000', '--hostname', sandboxId],
    ...[
      '--die-with-parent',
      '--new-session',
      '--chdir',
      '/',
      '--info-fd',
      '3',
      '--',
      '/bin/sh',
      '-c',
      keeper,
    ],
  ];
}

// The environment is set inside: the machine's nsenter must not see a client's LD_PRELOAD.
function nsenterArgs(target: number, command: CommandLine): string[] {
  const env = Object.entries(command.env).map(([name, value]) => `${name}=${value}`);
  return [
    ...inside(target),
    // A new session would lose the terminal.
    ...(command.terminal === true ? [] : ['/usr/bin/setsid']),
    ...['/usr/bin/env', '-i', ...env],
    // Root in a namespace below the sandbox's own: free to change what is the sandbox's, and nothing else.
    ...(command.account === 'root' ? ['/usr/bin/unshare', '--user', '--map-root-user', '--'] : []),
    ...['/bin/sh', ...announcing(command, command.cwd)],
  ];
}

function inside(target: number): string[] {
  return [
    ...['--target', String(target), '--user', '--mount', '--pid', '--ipc', '--uts', '--net'],
    ...['--preserve-credentials', '--'],
  ];
}

// nsenter forks to enter the process namespace, and its only child becomes the command, unless it has ended already.
function onlyChildOf(pid: number): number | undefined {
  try {
    const child = Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
    return Number.isInteger(child) ? child : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
