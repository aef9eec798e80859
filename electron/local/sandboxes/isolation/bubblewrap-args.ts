// What bubblewrap is told about one sandbox: what it sees of the machine, and what it is cut off from.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../envd/faults.ts';
import type { EnclosureOptions } from './enclosure.ts';
import type { SystemDirectories } from './system-directories.ts';

const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
// Where services run as root, the account inside owns these files, and bubblewrap by itself leaves some writable.
const kernelControls = ['sys', 'sysrq-trigger', 'irq', 'bus', 'acpi', 'fs', 'mtrr', 'pressure', 'scsi'].map(
  (name) => `/proc/${name}`,
);

/** Returns the arguments up to the program to run; what it knows of itself goes to descriptor 3, its boot id comes on 5. */
export function bubblewrapArgs(system: SystemDirectories, { root, sandboxId }: EnclosureOptions): string[] {
  return [
    ...['--bind', root, '/', ...system.binds, '--proc', '/proc', '--tmpfs', '/dev'],
    ...kernelControls.flatMap((path) => ['--ro-bind-try', path, path]),
    // The machine's is nobody's business, and would stay the same when a sandbox is started anew.
    ...['--ro-bind-data', '5', '/proc/sys/kernel/random/boot_id'],
    ...devices.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...['--dir', '/dev/shm', '--symlink', '/proc/self/fd', '/dev/fd'],
    ...['stdin', 'stdout', 'stderr'].flatMap((name, fd) => [
      '--symlink',
      `/proc/self/fd/${fd}`,
      `/dev/${name}`,
    ]),
    // bubblewrap's own way to terminals would cost a second user namespace, which commands of an ordinary account
    // cannot join: the keeper mounts them, and then gives the right to up.
    ...['--dir', '/dev/pts', '--symlink', 'pts/ptmx', '/dev/ptmx', '--cap-add', 'CAP_SYS_ADMIN'],
    ...['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '1000', '--hostname', sandboxId],
    ...['--die-with-parent', '--new-session', '--chdir', '/', '--info-fd', '3'],
  ];
}

/** Makes the links a root needs; bubblewrap itself refuses those that are there from an earlier start. */
export function linkSystem({ links }: SystemDirectories, root: string): void {
  for (const [path, target] of links) {
    try {
      symlinkSync(target, join(root, path));
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}
