// What processes use, added up from what the system tells of each: where there are no control groups. Processor time of
// those that ended between two looks is missing.
import { readdir, readFile } from 'node:fs/promises';
import type { ProcessUsage } from './enclosure.ts';

/** The system counts processor time in hundredths of a second, whatever its own clock. */
const tickMs = 10;

export interface Row {
  readonly pid: number;
  readonly parent: number;
  /** Its process group. */
  readonly group: number;
  readonly cpuMs: number;
}

/** Adds up the processes of the machine that belong to a sandbox. */
export async function usageOf(isMember: (process: Row) => boolean): Promise<ProcessUsage> {
  const rows = process.platform === 'linux' ? await readRows() : [];
  let usage = { cpuMs: 0, memoryBytes: 0, cacheBytes: 0 };
  for (const row of rows.filter(isMember)) {
    const { own, ofFiles } = await memoryOf(row.pid);
    usage = {
      cpuMs: usage.cpuMs + row.cpuMs,
      memoryBytes: usage.memoryBytes + own,
      cacheBytes: usage.cacheBytes + ofFiles,
    };
  }
  return usage;
}

/** Lists the processes of the machine. */
export async function readRows(): Promise<Row[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(pids.map((pid) => readRow(Number(pid))));
  return rows.filter((row) => row !== undefined);
}

async function readRow(pid: number): Promise<Row | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Fields are counted from behind the name, which may contain anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0, group = 0] = fields;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + field, 0);
  return { pid, parent, group, cpuMs: ticks * tickMs };
}

async function memoryOf(pid: number): Promise<{ own: number; ofFiles: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { own: (kib('RssAnon') + kib('RssShmem')) * 1_024, ofFiles: kib('RssFile') * 1_024 };
}
