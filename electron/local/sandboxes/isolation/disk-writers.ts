// Which processes write to a disk, by what the system counts of each.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Writer } from './enclosure.ts';
import { type Row, readRows } from './process-usage.ts';

const watchedMs = 100;

/** Resolves with those processes that belong to a sandbox and wrote while they were watched. */
export async function diskWriters(isMember: (process: Row) => boolean): Promise<Writer[]> {
  if (process.platform !== 'linux') return [];
  const before = await writtenBy(isMember);
  await sleep(watchedMs);
  const after = await writtenBy(isMember);
  return [...after.values()].filter(({ pid, bytes }) => bytes > (before.get(pid)?.bytes ?? 0));
}

async function writtenBy(isMember: (process: Row) => boolean) {
  const members = (await readRows()).filter(isMember);
  const counted = members.map(async ({ pid, group }) => {
    const text = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
    return { pid, group, bytes: Number(/^write_bytes: (\d+)$/m.exec(text)?.[1] ?? 0) };
  });
  return new Map((await Promise.all(counted)).map((process) => [process.pid, process]));
}
