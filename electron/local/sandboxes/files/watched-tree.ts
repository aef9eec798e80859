// The directories one watch covers, with what is in each of them.
import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { ConnectError } from '@connectrpc/connect';
import type { FileTree } from './file-tree.ts';
import { type KnownEntry, knownEntry } from './known-entry.ts';

/** What the system says: `rename` for a name that came or went, `change` for contents or rights. */
export interface Notice {
  readonly kind: string;
  /** Relative to the watched directory, which is the empty text. */
  readonly directory: string;
  readonly name: string;
}

export interface WatchedTree {
  /** What is known of a directory, if it is watched. */
  entriesOf(directory: string): Map<string, KnownEntry> | undefined;
  /** Looks at one name; undefined when it is gone. */
  look(directory: string, name: string): Promise<KnownEntry | undefined>;
  /** Watches one directory and, if asked, those below; calls `found` with every name in them. */
  enter(directory: string, found: (relative: string) => Promise<void>): Promise<void>;
  /** Stops watching a directory that is gone, and what was below it. */
  leave(directory: string): void;
  /** Stops watching; what is just being entered is left again. */
  close(): void;
}

export interface WatchedTreeOptions {
  readonly files: FileTree;
  /** As the client sees it. */
  readonly root: string;
  readonly recursive: boolean;
  readonly notify: (notice: Notice) => void;
  readonly failed: (error: unknown) => void;
}

const asNamed = { followLast: false } as const;
const entered = { followLast: true, enter: true } as const;

export function createWatchedTree(options: WatchedTreeOptions): WatchedTree {
  const { files, root, recursive, notify, failed } = options;
  const directories = new Map<string, { watcher: FSWatcher; entries: Map<string, KnownEntry> }>();
  const inside = (directory: string, name = '') => posix.join(root, directory, name);

  let isClosed = false;

  const tree: WatchedTree = {
    entriesOf: (directory) => directories.get(directory)?.entries,
    look: (directory, name) =>
      unlessGone(
        files.at(inside(directory, name), asNamed, async (place) =>
          knownEntry(await lstat(place.hostPath, { bigint: true })),
        ),
      ),
    async enter(directory, found) {
      tree.leave(directory);
      if (isClosed) return;
      const entries = new Map<string, KnownEntry>();
      await files.at(inside(directory), entered, (place) => {
        // Named `.`, it cannot be taken for an entry when notices are about itself.
        const watcher = watch(`${place.hostPath}/.`, (kind, name) => {
          if (name !== null && name !== '.') notify({ kind, directory, name });
        });
        watcher.on('error', failed);
        if (isClosed) watcher.close();
        else directories.set(directory, { watcher, entries });
      });
      for (const name of await files.at(inside(directory), entered, (place) => readdir(place.hostPath))) {
        const now = await tree.look(directory, name);
        if (now === undefined) continue;
        entries.set(name, now);
        const relative = posix.join(directory, name);
        await found(relative);
        if (now.isDirectory && recursive) await unlessGone(tree.enter(relative, found));
      }
    },
    leave(directory) {
      for (const [path, { watcher }] of directories) {
        if (path !== directory && !path.startsWith(`${directory}/`)) continue;
        watcher.close();
        directories.delete(path);
      }
    },
    close() {
      isClosed = true;
      for (const { watcher } of directories.values()) watcher.close();
      directories.clear();
    },
  };
  return tree;
}

/** Resolves with undefined when an entry is gone, which is what a watch is about. */
export async function unlessGone<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof ConnectError) return undefined;
    throw error;
  }
}
