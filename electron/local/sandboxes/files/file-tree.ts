// Owns how a path named by a client becomes a file of one sandbox. Links and `..` are resolved against the sandbox's
// root, one component at a time through open directories, so that a process inside cannot lead a call outside by
// swapping a directory for a link while the call runs.
import { closeSync, constants, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { Code, ConnectError } from '@connectrpc/connect';
import { inHome } from '../account.ts';
import { notDirectory, notFound, systemCode, toFault } from '../envd/faults.ts';
import type { FileMetadata } from './file-metadata.ts';

const maxLinks = 40;

/** A name in an open directory. `hostPath` is valid only while the call that received it runs. */
export interface Place {
  /** Absolute, as seen inside the sandbox. */
  readonly path: string;
  readonly hostPath: string;
  /** False below directories that belong to the machine, such as /usr. */
  readonly writable: boolean;
}

export interface LookUp {
  /** Resolve a link in the last position too. */
  readonly followLast: boolean;
  /** Create missing directories on the way, 0755. */
  readonly createParents?: boolean;
  /** Open the last component as a directory as well: the place is then that directory, whatever its name comes to mean. */
  readonly enter?: boolean;
}

export interface FileTree {
  /** What clients attached to the files. */
  readonly metadata: FileMetadata;
  /** Calls `act` with the place `path` names; the last component need not exist. Throws ConnectError. */
  at<T>(path: string, lookUp: LookUp, act: (place: Place) => Promise<T> | T): Promise<T>;
}

export interface FileTreeOptions {
  /** The directory that is `/` for the sandbox. */
  readonly root: string;
  /** Directories of the machine that show through, by their path inside. */
  readonly mounts: ReadonlyMap<string, string>;
  /** Where `~` and relative paths start. */
  readonly home: string;
  readonly metadata: FileMetadata;
}

interface OpenDirectory {
  readonly path: string;
  readonly hostPath: string;
  readonly writable: boolean;
  close(): void;
}

export function createFileTree({ root, mounts, home, metadata }: FileTreeOptions): FileTree {
  function descend(parent: OpenDirectory, name: string): OpenDirectory {
    const path = join(parent.path, name);
    const mount = mounts.get(path);
    return mount === undefined
      ? openDirectory(`${parent.hostPath}/${name}`, path, parent.writable, constants.O_NOFOLLOW)
      : openDirectory(mount, path, false, 0);
  }

  return {
    metadata,
    async at(path, lookUp, act) {
      const wanted = absolute(path, home);
      const open: OpenDirectory[] = [];
      try {
        open.push(openDirectory(root, '/', true, 0));
        return await act(walk(wanted, lookUp, open, descend));
      } catch (error) {
        throw toFault(error, wanted);
      } finally {
        for (const directory of open) directory.close();
      }
    },
  };
}

/** Walks from the root, leaving every directory it holds in `open`. */
function walk(
  path: string,
  lookUp: LookUp,
  open: OpenDirectory[],
  descend: (parent: OpenDirectory, name: string) => OpenDirectory,
): Place {
  const pending = components(path);
  let links = 0;
  for (;;) {
    const here = last(open);
    const name = pending.shift();
    if (name === undefined)
      return { path: here.path, hostPath: `${here.hostPath}/.`, writable: here.writable };
    if (name === '..') {
      if (open.length > 1) open.pop()?.close();
      continue;
    }
    const isLast = pending.length === 0 && lookUp.enter !== true;
    const place = {
      path: join(here.path, name),
      hostPath: `${here.hostPath}/${name}`,
      writable: here.writable,
    };
    const kind = kindOf(place.hostPath);
    if (kind === 'link' && (!isLast || lookUp.followLast)) {
      links += 1;
      if (links > maxLinks)
        throw new ConnectError(`path '${path}' has too many symbolic links`, Code.InvalidArgument);
      const target = readlinkSync(place.hostPath);
      if (target.startsWith('/')) for (const passed of open.splice(1)) passed.close();
      pending.unshift(...components(target));
      continue;
    }
    if (isLast) return place;
    if (kind === 'missing') {
      if (lookUp.createParents !== true) throw notFound(path);
      if (!place.writable) throw readOnly(place.path);
      mkdirSync(place.hostPath, { mode: 0o755 });
    } else if (kind !== 'directory') {
      throw notDirectory(place.path);
    }
    open.push(descend(here, name));
  }
}

/** Refuses to change what belongs to the machine. */
export function requireWritable(place: Place): void {
  if (!place.writable) throw readOnly(place.path);
}

function readOnly(path: string): ConnectError {
  return new ConnectError(`permission denied on '${path}': it belongs to the system`, Code.PermissionDenied);
}

// On Linux an open directory is addressed through its descriptor: whatever its name comes to mean, it stays the same
// directory. Elsewhere processes are not isolated either, and the plain path serves.
function openDirectory(hostPath: string, path: string, writable: boolean, flags: number): OpenDirectory {
  if (process.platform !== 'linux') {
    return { path, hostPath: realpathSync(hostPath), writable, close: () => undefined };
  }
  const descriptor = openSync(hostPath, constants.O_RDONLY | constants.O_DIRECTORY | flags);
  return { path, hostPath: `/proc/self/fd/${descriptor}`, writable, close: () => closeSync(descriptor) };
}

function kindOf(hostPath: string): 'link' | 'directory' | 'other' | 'missing' {
  try {
    const stats = lstatSync(hostPath);
    if (stats.isSymbolicLink()) return 'link';
    return stats.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
}

function absolute(path: string, home: string): string {
  if (path.includes('\0')) throw new ConnectError('a path cannot contain a zero byte', Code.InvalidArgument);
  return inHome(path, home);
}

function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function join(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

function last(open: readonly OpenDirectory[]): OpenDirectory {
  const directory = open.at(-1);
  if (directory === undefined) throw new Error('a walk starts at the root');
  return directory;
}
