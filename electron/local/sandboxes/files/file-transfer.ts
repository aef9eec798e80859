// Reads and writes the contents of one file of a sandbox.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { isDirectory } from '../envd/faults.ts';
import type { Metadata } from './file-metadata.ts';
import { type FileTree, requireWritable } from './file-tree.ts';

// Never follow a link that appeared after the look-up, never wait for the other end of a named pipe.
const safely = constants.O_NOFOLLOW | constants.O_NONBLOCK;

export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** Opens a regular file to read; the caller closes the handle. Throws ConnectError. */
export function openToRead(files: FileTree, path: string): Promise<OpenFile> {
  return files.at(path, { followLast: true }, async (place) => {
    const handle = await open(place.hostPath, constants.O_RDONLY | safely);
    return closingOnFailure(handle, async () => {
      const stats = await regularFile(handle, place.path);
      return { handle, size: stats.size, modifiedAt: stats.mtime };
    });
  });
}

export interface WrittenFile {
  readonly path: string;
  readonly name: string;
  readonly type: 'file';
  readonly metadata?: Metadata;
}

export interface WriteOptions {
  readonly metadata: Metadata;
  /** Throws when the disk has no room for so many bytes more. */
  readonly takeRoom: (bytes: number) => void;
}

/** Replaces a file's contents and metadata, creating it (0644) and its directories (0755). Throws ConnectError. */
export function writeFromStream(
  files: FileTree,
  path: string,
  content: Readable,
  { metadata, takeRoom }: WriteOptions,
): Promise<WrittenFile> {
  return files.at(path, { followLast: true, createParents: true }, async (place) => {
    requireWritable(place);
    const flags = constants.O_WRONLY | constants.O_CREAT | safely;
    const handle = await open(place.hostPath, flags, 0o644);
    return closingOnFailure(handle, async () => {
      const { size } = await regularFile(handle, place.path);
      // Even of an empty file, those who watch would hear of it.
      if (size > 0) await handle.truncate(0);
      files.metadata.set(await handle.stat({ bigint: true }), metadata);
      // The stream owns the handle from here and closes it.
      await pipeline(content, withinRoom(takeRoom), handle.createWriteStream());
      const written = { path: place.path, name: posix.basename(place.path), type: 'file' as const };
      return Object.keys(metadata).length === 0 ? written : { ...written, metadata };
    });
  });
}

function withinRoom(takeRoom: (bytes: number) => void) {
  return async function* (content: AsyncIterable<Buffer>) {
    for await (const chunk of content) {
      takeRoom(chunk.length);
      yield chunk;
    }
  };
}

async function regularFile(handle: FileHandle, path: string) {
  const stats = await handle.stat();
  if (stats.isDirectory()) throw isDirectory(path);
  if (!stats.isFile()) throw new ConnectError(`path '${path}' is not a regular file`, Code.InvalidArgument);
  return stats;
}

async function closingOnFailure<T>(handle: FileHandle, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    await handle.close();
    throw error;
  }
}
