// Watches one directory of a sandbox, with what is below it if asked. The system names what changed; what happened to it
// is found by comparing it with what was there before.
import { posix } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { EventType, type FilesystemEventSchema } from '../proto/filesystem_pb.ts';
import { describeEntry } from './entry-info.ts';
import type { FileTree } from './file-tree.ts';
import { changesBetween, type KnownEntry, neverSeen } from './known-entry.ts';
import { createWatchedTree, type Notice, unlessGone } from './watched-tree.ts';

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

/** Resolves once everything is watched. Throws `not_found`, `invalid_argument` for a file. */
export async function watchDirectory(
  files: FileTree,
  path: string,
  { recursive, includeEntry, publish, failed }: WatchOptions,
): Promise<DirectoryWatch> {
  const root = await files.at(path, { followLast: true, enter: true }, (place) => place.path);
  const tree = createWatchedTree({ files, root, recursive, notify, failed });
  const notices: Notice[] = [];
  let isReading = true;
  let isClosed = false;

  function notify(notice: Notice): void {
    notices.push(notice);
    if (isReading) return;
    isReading = true;
    // Both halves of a renaming arrive in one turn.
    setImmediate(() => void readNotices().catch(failed));
  }

  async function readNotices(): Promise<void> {
    while (notices.length > 0 && !isClosed) {
      const looked: { notice: Notice; now: KnownEntry | undefined }[] = [];
      for (const notice of notices.splice(0))
        looked.push({ notice, now: await tree.look(notice.directory, notice.name) });
      const present = new Set(looked.flatMap(({ now }) => now?.identity ?? []));
      for (const { notice, now } of looked) {
        if (now === undefined) await tellGone(notice, present);
        else await tellThere(notice, now);
      }
    }
    isReading = false;
  }

  async function tellGone({ kind, directory, name }: Notice, present: ReadonlySet<string>): Promise<void> {
    const entries = tree.entriesOf(directory);
    const before = entries?.get(name);
    const relative = posix.join(directory, name);
    if (before === undefined) {
      // It came and went; that it went is the next notice.
      if (kind !== 'rename' || entries === undefined) return;
      entries.set(name, neverSeen);
      await emit(EventType.CREATE, relative);
      return;
    }
    entries?.delete(name);
    tree.leave(relative);
    const wasRenamed = before.identity !== undefined && present.has(before.identity);
    await emit(wasRenamed ? EventType.RENAME : EventType.REMOVE, relative);
  }

  async function tellThere({ kind, directory, name }: Notice, now: KnownEntry): Promise<void> {
    const entries = tree.entriesOf(directory);
    const before = entries?.get(name);
    const relative = posix.join(directory, name);
    if (entries === undefined) return;
    if (before === undefined || before.identity !== now.identity) {
      entries.set(name, now);
      await tellNew(relative);
      if (now.isDirectory && recursive) await unlessGone(tree.enter(relative, tellNew));
    } else if (kind === 'change') {
      const changes = changesBetween(before, now);
      entries.set(name, { ...now, hasNewRights: changes.at(-1) === EventType.CHMOD });
      for (const change of changes) await emit(change, relative);
    }
  }

  const tellNew = (relative: string) => emit(EventType.CREATE, relative);

  async function emit(type: EventType, name: string): Promise<void> {
    const isThere = type !== EventType.REMOVE && type !== EventType.RENAME;
    const describing =
      includeEntry && isThere
        ? files.at(posix.join(root, name), { followLast: false }, (place) => describeEntry(files, place))
        : undefined;
    const entry = describing === undefined ? undefined : await unlessGone(describing);
    if (!isClosed) await publish({ type, name, ...(entry === undefined ? {} : { entry }) });
  }

  function close(): void {
    isClosed = true;
    tree.close();
  }

  try {
    await tree.enter('', async () => undefined);
    await readNotices();
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}
