// The directories of the machine that every isolated sandbox sees, read-only, and the small /etc made for it.
import { existsSync, lstatSync, readlinkSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownPrograms, sudoScript } from './sudo-script.ts';

/** Parts of the machine's /etc that programs need and that tell nothing about it. */
const sharedEtc = [
  'alternatives',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'ssl',
  'terminfo',
];

const etcFiles = {
  passwd:
    'root:x:0:0:root:/root:/bin/bash\nuser:x:1000:1000:user:/home/user:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  group: 'root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
} as const;

const lookUps = (hosts: string) => `passwd: files\ngroup: files\nhosts: ${hosts}\n`;

export interface SystemDirectories {
  /** Arguments for bubblewrap. */
  readonly binds: readonly string[];
  /** Links to make in a root: what each leads to, by its path inside. */
  readonly links: ReadonlyMap<string, string>;
  /** The same for look-ups from outside: path inside to path on the machine. */
  readonly mounts: ReadonlyMap<string, string>;
}

/** Writes the common /etc and the programs of our own below `directory`, and works out what else to show of this machine; how it finds names, if asked. */
export async function prepareSystemDirectories(
  directory: string,
  withNameServers: boolean,
): Promise<SystemDirectories> {
  const etcDir = join(directory, '.etc');
  await mkdir(etcDir, { recursive: true, mode: 0o755 });
  for (const [name, text] of Object.entries(etcFiles)) await writeFile(join(etcDir, name), text);
  await writeFile(join(etcDir, 'nsswitch.conf'), lookUps(withNameServers ? 'files dns' : 'files'));
  const programsDir = join(directory, '.programs');
  await mkdir(programsDir, { recursive: true, mode: 0o755 });
  await writeFile(join(programsDir, 'sudo'), sudoScript, { mode: 0o755 });

  const mounts = new Map([
    ['/usr', '/usr'],
    ['/etc', etcDir],
    [ownPrograms, programsDir],
  ]);
  const links = new Map<string, string>();
  const binds = ['--ro-bind', '/usr', '/usr', '--ro-bind', etcDir, '/etc'];
  binds.push('--ro-bind', programsDir, ownPrograms);
  for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64']) {
    if (!existsSync(path)) continue;
    if (lstatSync(path).isSymbolicLink()) {
      links.set(path, readlinkSync(path));
    } else {
      binds.push('--ro-bind', path, path);
      mounts.set(path, path);
    }
  }
  for (const name of [...sharedEtc, ...(withNameServers ? ['resolv.conf'] : [])]) {
    const path = `/etc/${name}`;
    if (!existsSync(path)) continue;
    // The mount point has to exist: /etc itself is read-only inside.
    if (statSync(path).isDirectory()) {
      await mkdir(join(etcDir, name), { recursive: true });
      mounts.set(path, path);
    } else {
      await writeFile(join(etcDir, name), '');
    }
    binds.push('--ro-bind', path, path);
  }
  return { binds, links, mounts };
}
