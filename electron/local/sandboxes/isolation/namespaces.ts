// Which namespaces processes of the machine are in.
import { readlinkSync } from 'node:fs';
import { systemCode } from '../envd/faults.ts';
import { readRows } from './process-usage.ts';

/** Names the namespace of a process; undefined when it is gone or another account's. */
export function namespaceOf(pid: number | 'self' | undefined, kind: 'pid' | 'net'): string | undefined {
  try {
    return pid === undefined ? undefined : readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Whether a process of a process namespace, or of one nested in it, is in a network namespace or does not let that be seen. */
export async function isAnyOnNetwork(
  processes: string | undefined,
  network: string | undefined,
): Promise<boolean> {
  if (processes === undefined) return false;
  const rows = await readRows();
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  // The first process of a nested namespace has its parent in the one around it.
  const isMember = (pid: number | undefined): boolean =>
    pid !== undefined && (namespaceOf(pid, 'pid') === processes || isMember(parents.get(pid)));
  return rows.some(({ pid }) => isMember(pid) && isOn(pid, network));
}

function isOn(pid: number, network: string | undefined): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === network;
  } catch (error) {
    // A process that is gone, or only waits to be noticed gone, reaches nothing.
    return systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ESRCH';
  }
}
