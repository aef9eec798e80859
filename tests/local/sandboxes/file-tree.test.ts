import { createFileMetadata } from '../../../electron/local/sandboxes/files/file-metadata.ts';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createFileTree,
  type FileTree,
  type LookUp,
} from '../../../electron/local/sandboxes/files/file-tree.ts';

let machine: string;
let tree: FileTree;
beforeEach(async () => {
  machine = await mkdtemp(join(tmpdir(), 'desk-tree-'));
  await mkdir(join(machine, 'root/home/user/dir'), { recursive: true });
  await mkdir(join(machine, 'root/system'));
  await mkdir(join(machine, 'system'));
  await writeFile(join(machine, 'secret'), 'outside');
  await writeFile(join(machine, 'system/tool'), 'shared');
  await writeFile(join(machine, 'root/home/user/dir/file'), 'inside');
  const mounts = new Map([['/system', join(machine, 'system')]]);
  const root = join(machine, 'root');
  tree = createFileTree({
    root,
    mounts,
    home: '/home/user',
    metadata: await createFileMetadata(root, new Map()),
  });
});
afterEach(() => rm(machine, { recursive: true, force: true }));

const resolved: LookUp = { followLast: true };
const pathOf = (path: string, lookUp = resolved) => tree.at(path, lookUp, (place) => place.path);
const contentOf = (path: string) => tree.at(path, resolved, (place) => readFile(place.hostPath, 'utf8'));

describe('a file tree', () => {
  test.each([
    ['dir/file', '/home/user/dir/file'],
    ['~/dir', '/home/user/dir'],
    ['~', '/home/user'],
    ['', '/home/user'],
    ['/', '/'],
    ['/home/./user//dir/../dir/', '/home/user/dir'],
    ['/../../..', '/'],
    ['../../../../../secret', '/secret'],
  ])('resolves %j to %j', async (path, expected) => {
    expect(await pathOf(path)).toBe(expected);
  });

  test('resolves links against the root, however they are written', async () => {
    const user = join(machine, 'root/home/user');
    await symlink('/home/user/dir', join(user, 'absolute'));
    await symlink('../../../../../../home/user/dir', join(user, 'climbing'));
    await symlink(machine, join(user, 'outside'));
    expect(await contentOf('absolute/file')).toBe('inside');
    expect(await contentOf('climbing/file')).toBe('inside');
    await expect(contentOf('outside/secret')).rejects.toThrow(
      "path '/home/user/outside/secret' does not exist",
    );
    expect(await pathOf('absolute', { followLast: false })).toBe('/home/user/absolute');
  });

  test('gives up on links that lead in a circle', async () => {
    await symlink('circle', join(machine, 'root/home/user/circle'));
    await expect(pathOf('circle/file')).rejects.toThrow('too many symbolic links');
  });

  test('stays in a directory that is swapped for a link outside while it is used', async () => {
    const directory = join(machine, 'root/home/user/dir');
    const read = await tree.at('dir/secret', resolved, async (place) => {
      await rename(directory, join(machine, 'root/home/user/moved'));
      await symlink(machine, directory);
      return readFile(place.hostPath, 'utf8').catch((error: NodeJS.ErrnoException) => error.code);
    });
    expect(await readFile(join(directory, 'secret'), 'utf8')).toBe('outside');
    expect(read).toBe('ENOENT');
  });

  test('shows a directory of the machine without letting it be changed', async () => {
    expect(await contentOf('/system/tool')).toBe('shared');
    expect(await tree.at('/system/tool', resolved, (place) => place.writable)).toBe(false);
    const creating = pathOf('/system/new/file', { followLast: true, createParents: true });
    await expect(creating).rejects.toThrow("permission denied on '/system/new'");
  });

  test('refuses a file as a directory and a name with a zero byte', async () => {
    await expect(pathOf('dir/file/below')).rejects.toThrow("path '/home/user/dir/file' is not a directory");
    await expect(pathOf('a\0b')).rejects.toThrow('zero byte');
  });
});
