// Snapshots: copies of the files of sandboxes, from which others can be made for as long as the runtime runs. Processes
// are not in them.
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Lease } from './lease.ts';
import type { CopiedFiles, SandboxDefaults } from './sandbox-request.ts';
import type { SandboxSize } from '../../contract/local-services.ts';

export interface Snapshot {
  /** Usable as a template. */
  readonly id: string;
  readonly sandboxId: string;
  readonly takenAt: number;
  /** At most one, and no two snapshots share it. */
  names: readonly string[];
  readonly files: CopiedFiles;
  /** Those of its sandbox. */
  readonly defaults: SandboxDefaults;
  readonly size: SandboxSize;
}

export interface SnapshotStore {
  /** Copies the files while the sandbox stands still; the name is taken from the snapshot that had it. */
  take(lease: Lease, name: string | undefined): Promise<Snapshot>;
  /** Finds by id or name. */
  find(template: string): Snapshot | undefined;
  all(): Snapshot[];
  /** Forgets at once and removes the files. */
  delete(snapshot: Snapshot): Promise<void>;
}

/** Keeps one directory a snapshot in `directory`. */
export function createSnapshotStore(directory: string, clock: Clock): SnapshotStore {
  const snapshots = new Map<string, Snapshot>();
  const all = () => [...snapshots.values()];

  return {
    async take(lease, name) {
      const id = `s${randomBytes(10).toString('hex')}`;
      const root = join(directory, id);
      await mkdir(root, { recursive: true, mode: 0o755 });
      const files = await lease.copyFiles(root).catch(async (error: unknown) => {
        await rm(root, { recursive: true, force: true });
        throw error;
      });
      const names = name === undefined ? [] : [name];
      for (const other of all()) other.names = other.names.filter((taken) => !names.includes(taken));
      const { id: sandboxId, defaults, size } = lease.sandbox;
      const snapshot = { id, sandboxId, takenAt: clock.now(), names, files, defaults, size };
      snapshots.set(id, snapshot);
      return snapshot;
    },
    find: (template) =>
      snapshots.get(template) ?? all().find((snapshot) => snapshot.names.includes(template)),
    all,
    async delete({ id, files }) {
      snapshots.delete(id);
      await rm(files.root, { recursive: true, force: true });
    },
  };
}
