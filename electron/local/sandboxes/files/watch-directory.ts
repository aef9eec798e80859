// Watches one directory of a sandbox, with what is below it if asked. The system names what changed; what happened to it
// is found by comparing it with what was there before.
import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { EventType, type FilesystemEventSchema } from '../proto/filesystem_pb.ts';
import { describeEntry } from './entry-info.ts';
import type { FileTree } from './file-tree.ts';
import { changesBetween, type KnownEntry, knownEntry, neverSeen } from './known-entry.ts';

export type WatchEvent = MessageInitShape<typeof FilesystemEventSchema>;

export interface WatchOptions {
  readonly recursive: boolean;
  /** Describe the entry in events of entries that are there. */
  readonly includeEntry: boolean;
  /** Takes one event; the next one waits for it. */
  readonly publish: (event: WatchEvent) => Promise<void> | void;
  /** Hears why the watch ended by itself. */
  readonly failed: (error: unknown) => void;
}

export interface DirectoryWatch {
  close(): void;
}

interface WatchedDirectory {
  readonly watcher: FSWatcher;
  readonly entries: Map<string, KnownEntry>;
}

/** What the system says: `rename` for a name that came or went, `change` for contents or rights. */
interface Notice {
  readonly kind: string;
  /** Relative to the watched directory, which is the empty text. */
  readonly directory: string;
  readonly name: string;
}

const asNamed = { followLast: false } as const;
const entered = { followLast: true, enter: true } as const;

/** Resolves once everything is watched. Throws `not_found`, `invalid_argument` for a file. */
export async function watchDirectory(
  files: FileTree,
  path: string,
  { recursive, includeEntry, publish, failed }: WatchOptions,
): Promise<DirectoryWatch> {
  const root = await files.at(path, entered, (place) => place.path);
  const directories = new Map<string, WatchedDirectory>();
  const notices: Notice[] = [];
  let isReading = true;
  let isClosed = false;

  const inside = (directory: string, name = '') => posix.join(root, directory, name);

  function notify(notice: Notice): void {
    notices.push(notice);
    if (isReading) return;
    isReading = true;
    // Both halves of a renaming arrive in one turn.
    setImmediate(() => void readNotices().catch(failed));
  }

  async function readNotices(): Promise<void> {
    while (notices.length > 0 && !isClosed) {
      const batch = notices.splice(0);
      const looked: { notice: Notice; now: KnownEntry | undefined }[] = [];
      for (const notice of batch) looked.push({ notice, now: await look(notice.directory, notice.name) });
      const present = new Set(looked.flatMap(({ now }) => now?.identity ?? []));
      for (const { notice, now } of looked) await tell(notice, now, present);
    }
    isReading = false;
  }

  async function look(directory: string, name: string): Promise<KnownEntry | undefined> {
    return orUndefined(
      files.at(inside(directory, name), asNamed, async (place) =>
        knownEntry(await lstat(place.hostPath, { bigint: true })),
      ),
    );
  }

  async function tell(
    { kind, directory, name }: Notice,
    now: KnownEntry | undefined,
    present: ReadonlySet<string>,
  ): Promise<void> {
    const entries = directories.get(directory)?.entries;
    if (entries === undefined) return;
    const before = entries.get(name);
    const relative = posix.join(directory, name);
    if (now === undefined) {
      if (before === undefined) {
        // It came and went; that it went is the next notice.
        if (kind !== 'rename') return;
        entries.set(name, neverSeen);
        return emit(EventType.CREATE, relative);
      }
      entries.delete(name);
      leave(relative);
      const wasRenamed = before.identity !== undefined && present.has(before.identity);
      return emit(wasRenamed ? EventType.RENAME : EventType.REMOVE, relative);
    }
    if (before === undefined || before.identity !== now.identity) {
      entries.set(name, now);
      await emit(EventType.CREATE, relative);
      if (now.isDirectory && recursive) await enter(relative, true);
    } else if (kind === 'change') {
      const changes = changesBetween(before, now);
      entries.set(name, { ...now, hasNewRights: changes.at(-1) === EventType.CHMOD });
      for (const change of changes) await emit(change, relative);
    }
  }

  /** Watches one directory and, if asked, those below; with `asNew` its entries are news. */
  async function enter(directory: string, asNew: boolean): Promise<void> {
    leave(directory);
    const entries = new Map<string, KnownEntry>();
    await files.at(inside(directory), entered, (place) => {
      // Named `.`, it cannot be taken for an entry when notices are about itself.
      const watcher = watch(`${place.hostPath}/.`, (kind, name) => {
        if (name !== null && name !== '.') notify({ kind, directory, name });
      });
      watcher.on('error', failed);
      directories.set(directory, { watcher, entries });
    });
    for (const name of await files.at(inside(directory), entered, (place) => readdir(place.hostPath))) {
      const now = await look(directory, name);
      if (now === undefined) continue;
      entries.set(name, now);
      const relative = posix.join(directory, name);
      if (asNew) await emit(EventType.CREATE, relative);
      if (now.isDirectory && recursive && !isClosed) await orUndefined(enter(relative, asNew));
    }
  }

  /** Stops watching a directory that is gone, and what was below it. */
  function leave(directory: string): void {
    for (const [path, { watcher }] of directories) {
      if (path !== directory && !path.startsWith(`${directory}/`)) continue;
      watcher.close();
      directories.delete(path);
    }
  }

  async function emit(type: EventType, name: string): Promise<void> {
    const isThere = type !== EventType.REMOVE && type !== EventType.RENAME;
    const entry =
      includeEntry && isThere
        ? await orUndefined(files.at(inside(name), asNamed, (place) => describeEntry(files, place)))
        : undefined;
    if (!isClosed) await publish({ type, name, ...(entry === undefined ? {} : { entry }) });
  }

  function close(): void {
    isClosed = true;
    for (const { watcher } of directories.values()) watcher.close();
    directories.clear();
  }

  try {
    await enter('', false);
    await readNotices();
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}

/** Resolves with undefined when an entry is gone, which is what a watch is about. */
async function orUndefined<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof ConnectError) return undefined;
    throw error;
  }
}
