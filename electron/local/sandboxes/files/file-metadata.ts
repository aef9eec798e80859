// The metadata clients attach to files. It follows a file wherever it is moved and ends with it; processes do not see it.
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';

const prefix = 'x-metadata-';
const longestBytes = 4_096;

export type Metadata = Readonly<Record<string, string>>;

export interface FileMetadata {
  /** Replaces all metadata of a file; none removes it. */
  set(stats: BigIntStats, metadata: Metadata): void;
  /** Returns the metadata of a file of the machine, if any. */
  of(hostPath: string): Promise<Metadata | undefined>;
  /** Returns the metadata of all files below a directory, by their path in it. */
  below(root: string): Promise<ReadonlyMap<string, Metadata>>;
}

/** Starts with the metadata of a copied directory, by path in `root`. */
export async function createFileMetadata(
  root: string,
  copied: ReadonlyMap<string, Metadata>,
): Promise<FileMetadata> {
  const byFile = new Map<string, Metadata>();

  const store: FileMetadata = {
    set(stats, metadata) {
      if (Object.keys(metadata).length === 0) byFile.delete(identityOf(stats));
      else byFile.set(identityOf(stats), metadata);
    },
    async of(hostPath) {
      return byFile.size === 0 ? undefined : byFile.get(identityOf(await lstat(hostPath, { bigint: true })));
    },
    async below(directory) {
      const found = new Map<string, Metadata>();
      if (byFile.size === 0) return found;
      for (const entry of await readdir(directory, { recursive: true })) {
        const metadata = await store.of(join(directory, entry));
        if (metadata !== undefined) found.set(entry, metadata);
      }
      return found;
    },
  };
  for (const [path, metadata] of copied) store.set(await lstat(join(root, path), { bigint: true }), metadata);
  return store;
}

// The system gives a number to the next file as soon as it is free, but not with the same time of birth.
function identityOf(stats: BigIntStats): string {
  return `${stats.ino}:${stats.birthtimeNs}`;
}

/** Reads the metadata of an upload from its headers. Throws `invalid_argument`. */
export function metadataOf(headers: Readonly<Record<string, string | string[] | undefined>>): Metadata {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(prefix) || value === undefined) continue;
    const text = String(value);
    if (!/^[\x20-\x7e]*$/.test(text) || text.length > longestBytes) {
      throw new ConnectError(
        `metadata '${name.slice(prefix.length)}' must be at most ${longestBytes} printable ASCII characters`,
        Code.InvalidArgument,
      );
    }
    metadata[name.slice(prefix.length)] = text;
  }
  return metadata;
}
