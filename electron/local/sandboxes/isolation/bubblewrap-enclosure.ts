// Isolation on Linux: per sandbox one bubblewrap with its own user, mount, process, IPC, host name and network
// namespaces. It runs nothing but a keeper; programs join its namespaces, so they see one another and
// nothing else; where that is allowed, they stay on the machine's network instead. The first process inside takes all others with it when it dies, and it dies with the services.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Code, ConnectError } from '@connectrpc/connect';
import { z } from 'zod';
import { systemCode } from '../envd/faults.ts';
import { bubblewrapArgs, linkSystem } from './bubblewrap-args.ts';
import type { ControlGroup } from './control-groups.ts';
import { diskWriters } from './disk-writers.ts';
import type { Enclosure, EnclosureOptions, HostCommandLine } from './enclosure.ts';
import { isAnyOnNetwork, namespaceOf } from './namespaces.ts';
import { withoutTerminals } from './open-terminals.ts';
import { type Row, usageOf } from './process-usage.ts';
import type { SystemDirectories } from './system-directories.ts';

const run = promisify(execFile);

/** Where the programs are on this machine. */
export interface IsolationTools {
  readonly bwrap: string;
  readonly nsenter: string;
  readonly setpriv: string;
}

const home = '/home/user';
// Mounts terminals of the sandbox's own, says that everything is mounted, then holds the namespaces without a right in
// them until the services close its input or die.
const keeping = [
  '/usr/bin/mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /dev/pts',
  'echo ready',
  'exec /usr/bin/setpriv --ambient-caps -all --inh-caps -all cat >/dev/null',
];
const keeper = ['/bin/sh', '-c', keeping.join(' && ')];

const Info = z.object({ 'child-pid': z.int().positive() });

/** Starts building the namespaces at once; programs wait for `ready`. */
export function openBubblewrap(
  tools: IsolationTools,
  system: SystemDirectories,
  group: ControlGroup | undefined,
  options: EnclosureOptions,
): Enclosure {
  linkSystem(system, options.root);
  const joined = (line: HostCommandLine) => withoutTerminals(joining(group, line));
  // Its first process stays visible inside: arguments on a descriptor keep the machine's paths out of `ps`.
  const { file, args, env } = joined({ file: tools.bwrap, args: ['--args', '4', '--', ...keeper], env: {} });
  const monitor = spawn(file, args, { env, cwd: '/', stdio: Array<'pipe'>(6).fill('pipe') });
  give(
    monitor,
    4,
    bubblewrapArgs(system, options)
      .map((arg) => `${arg}\0`)
      .join(''),
  );
  give(monitor, 5, `${randomUUID()}\n`);
  let firstProcess: number | undefined;
  let { sharesNetwork } = options;
  const ended = new Promise<void>((resolve) => {
    monitor.once('exit', () => resolve());
    monitor.once('error', () => resolve());
  }).then(async () => {
    // The number may soon mean another process.
    firstProcess = undefined;
    await group?.remove();
  });
  const ready = whenReady(monitor).then((pid) => {
    firstProcess = pid;
  });
  // A sandbox that never runs a command need not hear of it; one that does awaits `ready` itself.
  ready.catch(() => undefined);

  function inside(): string[] {
    if (firstProcess === undefined) throw new ConnectError('the sandbox has ended', Code.Unavailable);
    return [
      ...['--target', String(firstProcess), '--user', '--mount', '--pid', '--ipc', '--uts'],
      ...(sharesNetwork ? [] : ['--net']),
      ...['--preserve-credentials', '--'],
    ];
  }

  function membership(): (process: Row) => boolean {
    const namespace = namespaceOf(firstProcess, 'pid');
    return ({ pid }) => namespace !== undefined && namespaceOf(pid, 'pid') === namespace;
  }

  // From inside, one call reaches all processes but the first and itself, and none can be started meanwhile.
  async function signalAll(signal: 'STOP' | 'CONT'): Promise<void> {
    await ready;
    await run(tools.nsenter, [...inside(), '/bin/sh', '-c', `kill -s ${signal} -- -1`], {
      env: {},
      cwd: '/',
    });
  }

  return {
    home,
    ready,
    ended,
    adapt: (command) => ({ ...command, longestFileMb: options.size.diskMb }),
    enter(program, { terminal }) {
      // A new session would lose the terminal. The environment is set inside: the machine's programs must not see it.
      const start = [...(terminal ? [] : ['/usr/bin/setsid']), '/usr/bin/env', '-i', ...program];
      // Stopped with its sandbox, nsenter could not end by itself when the services die.
      const args = ['--pdeathsig', 'KILL', '--', tools.nsenter, ...inside(), ...start];
      return joined({ file: tools.setpriv, args, env: {} });
    },
    leaderOf: onlyChildOf,
    left: () => undefined,
    stopsVisibly: group?.freeze === undefined,
    freeze: () => (group?.freeze === undefined ? signalAll('STOP') : ready.then(() => group.freeze?.(true))),
    thaw: () => (group?.freeze === undefined ? signalAll('CONT') : group.freeze(false)),
    sharesNetwork: () => sharesNetwork,
    shareNetwork(shared) {
      sharesNetwork = shared;
    },
    reachesMachine: () => isAnyOnNetwork(namespaceOf(firstProcess, 'pid'), namespaceOf('self', 'net')),
    async usage() {
      return group?.usage() ?? usageOf(membership());
    },
    writers: () => diskWriters(membership()),
    async close() {
      // While it is still being built, its root is still being written to.
      await ready.catch(() => undefined);
      // Killing the first process ends all others before bubblewrap itself sees it gone.
      if (firstProcess === undefined) monitor.kill('SIGKILL');
      else if (group?.kill !== undefined) group.kill();
      else {
        killIfThere(firstProcess);
        // The old freezer holds even those that are killed.
        await group?.freeze?.(false).catch(() => undefined);
      }
      await ended;
    },
  };
}

/** Lets the program's process join the group before it starts. */
function joining(group: ControlGroup | undefined, line: HostCommandLine): HostCommandLine {
  if (group === undefined) return line;
  const join = group.joinFiles.map((_, index) => `echo 0 >"$${index + 1}" || exit 125`);
  const script = [...join, `shift ${group.joinFiles.length}`, 'exec "$@"'].join('\n');
  return {
    file: '/bin/sh',
    args: ['-c', script, 'sh', ...group.joinFiles, line.file, ...line.args],
    env: line.env,
  };
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

function give(monitor: ChildProcess, descriptor: 4 | 5, text: string): void {
  const input = monitor.stdio.at(descriptor);
  if (!(input instanceof Writable)) throw new Error('bubblewrap was started without its pipes');
  input.on('error', () => undefined);
  input.end(text);
}

// nsenter forks to enter the process namespace, and its only child becomes the program, unless it has ended already.
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
