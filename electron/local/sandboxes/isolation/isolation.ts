// Finds out, once a start and by trying it, whether sandboxes can be isolated on this machine.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AccountName } from '../account.ts';
import { type IsolationTools, openBubblewrap } from './bubblewrap-enclosure.ts';
import type { OpenEnclosure } from './enclosure.ts';
import { openPlain } from './plain-enclosure.ts';
import { prepareSystemDirectories } from './system-directories.ts';

const run = promisify(execFile);

export interface Isolation {
  readonly kind: 'isolated' | 'not isolated';
  readonly open: OpenEnclosure;
  /** Who commands can be run as. */
  readonly accounts: readonly AccountName[];
  /** Directories of the machine that show through in a sandbox, by their path inside. */
  readonly mounts: ReadonlyMap<string, string>;
}

/** Chooses bubblewrap if a command really runs under it, else plain processes. */
export async function chooseIsolation(wanted: 'auto' | 'off', directory: string): Promise<Isolation> {
  const plain: Isolation = { kind: 'not isolated', open: openPlain, accounts: ['user'], mounts: new Map() };
  const tools = wanted === 'off' ? undefined : findTools();
  if (tools === undefined) return plain;
  const system = await prepareSystemDirectories(join(directory, '.etc'));
  const open: OpenEnclosure = (options) => openBubblewrap(tools, system, options);
  if (!(await works(open, directory, 'user'))) return plain;
  const accounts: AccountName[] = (await works(open, directory, 'root')) ? ['user', 'root'] : ['user'];
  return { kind: 'isolated', open, accounts, mounts: system.mounts };
}

function findTools(): IsolationTools | undefined {
  if (process.platform !== 'linux') return undefined;
  const bwrap = findProgram('bwrap');
  const nsenter = findProgram('nsenter');
  const setpriv = findProgram('setpriv');
  if (bwrap === undefined || nsenter === undefined || setpriv === undefined) return undefined;
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
  const enclosure = open({ sandboxId: 'probe', root });
  try {
    await enclosure.ready;
    const { file, args } = enclosure.enter({
      file: '/bin/true',
      args: [],
      env: {},
      cwd: '/home/user',
      account,
    });
    // The announcement goes to descriptor 3, which this trial redirects.
    await run('/bin/sh', ['-c', 'exec "$@" 3>/dev/null', 'sh', file, ...args], { env: {} });
    return true;
  } catch {
    return false;
  } finally {
    await enclosure.close();
    await rm(root, { recursive: true, force: true });
  }
}
