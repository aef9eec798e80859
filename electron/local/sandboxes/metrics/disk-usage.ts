// How much of the disk a directory takes.
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { systemCode } from '../envd/faults.ts';

const blockBytes = 512;

/** Adds up what is below a directory; what goes away meanwhile counts nothing. */
export async function diskUsage(directory: string): Promise<number> {
  // Through the open directory, so that one swapped for a link does not lead the count elsewhere.
  const handle = await open(
    directory,
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  ).catch(() => undefined);
  if (handle === undefined) return 0;
  try {
    const path = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : directory;
    let bytes = 0;
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const child = `${path}/${entry.name}`;
      bytes += entry.isDirectory() ? await diskUsage(child) : await sizeOf(child);
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).blocks * blockBytes;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
