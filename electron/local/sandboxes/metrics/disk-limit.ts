// Holds what programs write to the disk of their sandbox: past the limit, those that write are killed and told why.
import type { SandboxSize } from '../../../contract/local-services.ts';
import type { Session } from '../ground.ts';

export interface DiskLimit {
  /** Looks, and stops who writes beyond the limit; resolves with whether the disk is fuller than it may be. */
  enforce(): Promise<boolean>;
}

export interface DiskLimitOptions {
  readonly size: SandboxSize;
  readonly diskBytes: () => Promise<number>;
  readonly session: () => Session;
}

export function createDiskLimit({ size, diskBytes, session }: DiskLimitOptions): DiskLimit {
  const mostBytes = size.diskMb * 1024 * 1024;
  /** At the last look beyond the limit, when nobody could be found writing. */
  let unexplainedBytes: number | undefined;

  return {
    async enforce() {
      const bytes = await diskBytes();
      if (bytes <= mostBytes) {
        unexplainedBytes = undefined;
        return false;
      }
      const { enclosure, processes } = session();
      const reason = `the disk of the sandbox is full: ${Math.ceil(bytes / 1024 / 1024)} of ${size.diskMb} MB are used; what was writing has been killed`;
      const writers = await enclosure.writers();
      for (const { pid, group } of writers) {
        const command = processes.list().find((process) => process.group === group);
        if (command === undefined) killIfThere(pid);
        else command.stop(reason);
      }
      // Some file systems count nobody's writing: then all commands end when the disk goes on filling.
      if (writers.length === 0 && unexplainedBytes !== undefined && bytes > unexplainedBytes)
        for (const command of processes.list()) command.stop(reason);
      unexplainedBytes = writers.length === 0 ? bytes : undefined;
      return true;
    },
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
