// Finds out, once a start and by trying it, whether sandboxes can be isolated on this machine.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AccountName } from '../account.ts';
import { type IsolationTools, openBubblewrap } from './bubblewrap-enclosure.ts';
import { type ControlGroups, openControlGroups } from './control-groups.ts';
import type { NetworkOffer } from '../network-policy.ts';
import type { Enclosure, OpenEnclosure } from './enclosure.ts';
import { openPlain } from './plain-enclosure.ts';
import { beforeOrders, shellOrders } from './shell-orders.ts';
import { prepareSystemDirectories } from './system-directories.ts';

const run = promisify(execFile);

export interface Isolation {
  readonly kind: 'isolated' | 'not isolated';
  /** What isolates and limits, and what does not. */
  readonly detail: string;
  /** Whether a sandbox is held to its memory and its processor time. */
  readonly limits: { readonly memory: boolean; readonly cpu: boolean };
  /** Whose programs reach what the machine reaches. */
  readonly network: NetworkOffer;
  readonly open: OpenEnclosure;
  /** Who commands can be run as. */
  readonly accounts: readonly AccountName[];
  /** Directories of the machine that show through in a sandbox, by their path inside. */
  readonly mounts: ReadonlyMap<string, string>;
  /** Gives back what was taken of the system, after the last sandbox. */
  close(): Promise<void>;
}

/** Chooses bubblewrap if a command really runs under it, else plain processes. */
export async function chooseIsolation(
  wanted: 'auto' | 'off',
  directory: string,
  network: 'never' | 'as-asked' = 'never',
): Promise<Isolation> {
  if (wanted === 'off') return notIsolated('it is switched off');
  if (process.platform !== 'linux') return notIsolated('bubblewrap exists on Linux alone');
  const tools = findTools();
  if (typeof tools === 'string') return notIsolated(tools);
  const system = await prepareSystemDirectories(directory, network === 'as-asked');
  for (const groups of [openGroupsIfAllowed(directory), undefined]) {
    let opened = 0;
    const open: OpenEnclosure = (options) => {
      opened += 1;
      const group = groups?.open(`${options.sandboxId}-${opened}`, options.size);
      return openBubblewrap(tools, system, group, options);
    };
    const close = async () => groups?.close();
    if (!(await works(open, directory, 'user'))) {
      await close();
      continue;
    }
    const accounts: AccountName[] = (await works(open, directory, 'root')) ? ['user', 'root'] : ['user'];
    const limits = { memory: groups?.limitsMemory === true, cpu: groups?.limitsCpu === true };
    const detail = `bubblewrap, ${describeLimits(limits, groups)}`;
    return { kind: 'isolated', detail, limits, network, open, accounts, mounts: system.mounts, close };
  }
  return notIsolated('this system does not let bubblewrap run a program');
}

function notIsolated(reason: string): Isolation {
  return {
    kind: 'not isolated',
    detail: `not isolated: ${reason}; programs see this machine and its network, and nothing limits their memory or processor time`,
    limits: { memory: false, cpu: false },
    network: 'always',
    open: openPlain,
    accounts: ['user'],
    mounts: new Map(),
    close: async () => undefined,
  };
}

function openGroupsIfAllowed(directory: string): ControlGroups | undefined {
  try {
    return openControlGroups(directory);
  } catch {
    // Not ours to make here; sandboxes are isolated without them.
    return undefined;
  }
}

function describeLimits({ memory, cpu }: Isolation['limits'], groups: ControlGroups | undefined): string {
  const kinds = [
    { name: 'memory', limited: memory },
    { name: 'processor time', limited: cpu },
  ];
  const named = (limited: boolean) =>
    kinds
      .filter((kind) => kind.limited === limited)
      .map(({ name }) => name)
      .join(' and ');
  const held = named(true) === '' ? [] : [`${groups?.version} limits on ${named(true)}`];
  const shared = named(false) === '' ? [] : [`no limit on ${named(false)}: this system grants none`];
  return [...held, ...shared].join(', ');
}

/** Returns where the programs are, or which package to install. */
function findTools(): IsolationTools | string {
  const bwrap = findProgram('bwrap');
  const nsenter = findProgram('nsenter');
  const setpriv = findProgram('setpriv');
  if (bwrap === undefined) return 'bubblewrap is not installed';
  if (nsenter === undefined || setpriv === undefined) return 'util-linux (nsenter, setpriv) is not installed';
  return { bwrap, nsenter, setpriv };
}

function findProgram(name: string): string | undefined {
  return ['/usr/local/bin', '/usr/bin', '/bin'].map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function works(open: OpenEnclosure, directory: string, account: AccountName): Promise<boolean> {
  const root = await mkdtemp(join(directory, '.probe-'));
  await mkdir(join(root, 'home/user'), { recursive: true });
  const size = { cpuCount: 1, memoryMb: 64, diskMb: 64 };
  let enclosure: Enclosure | undefined;
  try {
    enclosure = open({ sandboxId: 'probe', root, size, sharesNetwork: false });
    await enclosure.ready;
    const trial = shellOrders({ file: '/bin/true', args: [], env: {}, cwd: '/home/user', account }, false);
    const { file, args } = enclosure.enter(['/bin/sh', '-c', `${beforeOrders}; ${trial}`], {
      terminal: false,
    });
    // The announcement goes to descriptor 3, which this trial redirects.
    await run('/bin/sh', ['-c', 'exec "$@" 3>/dev/null', 'sh', file, ...args], { env: {} });
    return true;
  } catch {
    return false;
  } finally {
    await enclosure?.close();
    await rm(root, { recursive: true, force: true });
  }
}
