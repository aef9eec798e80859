// The file service: what files and directories there are. Contents travel over /files.
import { lstat, mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { posix } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { accountOf, sandboxOf } from '../envd/envd-access.ts';
import { describeEntry, type EntryInfo } from './entry-info.ts';
import { systemCode } from '../envd/faults.ts';
import { followStream } from '../envd/follow-stream.ts';
import { createOutputFanout } from '../envd/output-fanout.ts';
import { type FileTree, type Place, requireWritable } from './file-tree.ts';
import type { Filesystem, WatchDirResponseSchema } from '../proto/filesystem_pb.ts';
import { watchDirectory } from './watch-directory.ts';

const asNamed = { followLast: false } as const;
const entered = { followLast: true, enter: true } as const;

/** All methods of the service. */
export const filesystemService = {
  async stat({ path }, context) {
    const { files } = accountOf(context);
    return { entry: await files.at(path, asNamed, (place) => describeEntry(files, place)) };
  },

  async makeDir({ path }, context) {
    const { files } = accountOf(context);
    return {
      entry: await files.at(path, { followLast: true, createParents: true }, async (place) => {
        await makeDirectory(place);
        return describeEntry(files, place);
      }),
    };
  },

  async move({ source, destination }, context) {
    const { files } = accountOf(context);
    const entry = await files.at(source, asNamed, async (from) => {
      requireWritable(from);
      await lstat(from.hostPath);
      return files.at(destination, { followLast: false, createParents: true }, async (to) => {
        requireWritable(to);
        await rename(from.hostPath, to.hostPath);
        return describeEntry(files, to);
      });
    });
    return { entry };
  },

  async listDir({ path, depth }, context) {
    const { files } = accountOf(context);
    const entries: EntryInfo[] = [];
    // Entries are shown under the path that was asked for, a link in its last position included.
    const shown = await files.at(path, asNamed, (place) => place.path);
    await collect(files, shown, Math.max(1, depth), entries);
    return { entries };
  },

  async remove({ path }, context) {
    const { files } = accountOf(context);
    try {
      await removeTree(files, path);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return {};
  },

  async *watchDir(request, context) {
    const { files } = accountOf(context);
    const fanout = createOutputFanout<WatchDirEvent>();
    const output = fanout.subscribe();
    const watch = await watchDirectory(files, request.path, {
      ...request,
      publish: (value) => fanout.publish({ event: { case: 'filesystem', value } }),
      failed: () => fanout.end(),
    });
    context.signal.addEventListener('abort', watch.close, { once: true });
    try {
      yield { event: { case: 'start', value: {} } };
      yield* followStream(output, keepalive, context);
    } finally {
      watch.close();
    }
  },

  async createWatcher(request, context) {
    const { files } = accountOf(context);
    const { watches } = sandboxOf(context);
    const watcherId = await watches.create((publish) =>
      // A watch that failed has no more events, as one whose directory is gone.
      watchDirectory(files, request.path, { ...request, publish, failed: () => undefined }),
    );
    return { watcherId };
  },

  getWatcherEvents({ watcherId }, context) {
    return { events: sandboxOf(context).watches.take(watcherId) };
  },

  removeWatcher({ watcherId }, context) {
    sandboxOf(context).watches.remove(watcherId);
    return {};
  },
} satisfies ServiceImpl<typeof Filesystem>;

type WatchDirEvent = MessageInitShape<typeof WatchDirResponseSchema>;
const keepalive: WatchDirEvent = { event: { case: 'keepalive', value: {} } };

async function makeDirectory(place: Place): Promise<void> {
  requireWritable(place);
  try {
    await mkdir(place.hostPath, { mode: 0o755 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    if (!(await lstat(place.hostPath)).isDirectory()) {
      throw new ConnectError(`path '${place.path}' exists and is not a directory`, Code.InvalidArgument);
    }
    throw new ConnectError(`directory '${place.path}' already exists`, Code.AlreadyExists);
  }
}

/** Adds the entries of `path` depth first, in lexical order. */
async function collect(files: FileTree, path: string, depth: number, into: EntryInfo[]): Promise<void> {
  const names = await namesIn(files, path);
  for (const name of names.sort(byBytes)) {
    const child = posix.join(path, name);
    const found = await describeIfThere(files, child);
    if (found === undefined) continue;
    into.push(found.entry);
    if (found.isDirectory && depth > 1) await collect(files, child, depth - 1, into);
  }
}

/** Returns undefined for an entry that went away while its directory was being listed. */
async function describeIfThere(files: FileTree, path: string) {
  try {
    return await files.at(path, asNamed, async (place) => ({
      entry: { ...(await describeEntry(files, place)), path },
      isDirectory: (await lstat(place.hostPath)).isDirectory(),
    }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Removes through fresh look-ups, so that nothing outside is reached when a directory is swapped for a link meanwhile. */
async function removeTree(files: FileTree, path: string): Promise<void> {
  const target = await files.at(path, asNamed, async (place) => {
    requireWritable(place);
    const isDirectory = (await lstat(place.hostPath)).isDirectory();
    if (!isDirectory) await unlink(place.hostPath);
    return { path: place.path, isDirectory };
  });
  if (!target.isDirectory) return;
  for (const name of await namesIn(files, target.path))
    await removeTree(files, posix.join(target.path, name));
  await files.at(target.path, asNamed, (place) => rmdir(place.hostPath));
}

function namesIn(files: FileTree, path: string): Promise<string[]> {
  return files.at(path, entered, (place) => readdir(place.hostPath));
}

function isNotFound(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.NotFound;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
