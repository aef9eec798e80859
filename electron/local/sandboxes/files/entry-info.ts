// Describes a file or directory of a sandbox in the file service's terms.
import { readlinkSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { systemCode } from '../envd/faults.ts';
import type { FileTree, Place } from './file-tree.ts';
import { type EntryInfoSchema, FileType } from '../proto/filesystem_pb.ts';

export type EntryInfo = MessageInitShape<typeof EntryInfoSchema>;

/** Describes the place itself; a link reports the type of what it leads to. Rejects with the system's error if missing. */
export async function describeEntry(tree: FileTree, place: Place): Promise<EntryInfo> {
  const stats = await lstat(place.hostPath);
  const metadata = await tree.metadata.of(place.hostPath);
  const link = stats.isSymbolicLink() ? await describeTarget(tree, place) : undefined;
  return {
    name: posix.basename(place.path),
    type: link?.type ?? typeOf(stats),
    path: place.path,
    size: BigInt(stats.size),
    mode: stats.mode & 0o777,
    permissions: permissionsOf(stats),
    owner: ownerName(stats.uid, process.getuid?.()),
    group: ownerName(stats.gid, process.getgid?.()),
    modifiedTime: timestampFromMs(Math.floor(stats.mtimeMs)),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
    ...(link === undefined ? {} : { symlinkTarget: link.path }),
  };
}

async function describeTarget(tree: FileTree, place: Place): Promise<{ type: FileType; path: string }> {
  const written = posix.resolve(posix.dirname(place.path), readlinkSync(place.hostPath));
  return tree.at(place.path, { followLast: true }, async (target) => {
    try {
      return { type: typeOf(await lstat(target.hostPath)), path: target.path };
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      return { type: FileType.SYMLINK, path: written };
    }
  });
}

function typeOf(stats: Stats): FileType {
  if (stats.isDirectory()) return FileType.DIRECTORY;
  if (stats.isSymbolicLink()) return FileType.SYMLINK;
  return FileType.FILE;
}

/** Writes permissions the way Go does: `-rw-r--r--`, `drwxr-xr-x`, `Lrwxrwxrwx`. */
function permissionsOf(stats: Stats): string {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'L' : '-';
  return (
    kind +
    Array.from('rwxrwxrwx', (letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-')).join('')
  );
}

// Inside, the account that runs the services is `user` and every other one has no name.
function ownerName(id: number, ours: number | undefined): string {
  return id === ours ? 'user' : 'nobody';
}
