// Tells whether a process still runs.
import { readFileSync } from 'node:fs';
import { systemCode } from '../socket-address.ts';

/** False once the process has ended, also while nobody has collected its exit status yet. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  return !isZombie(pid);
}

/** In a container whose first process collects nobody, an ended process keeps its number. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold parentheses; the state follows the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // Ended between the two looks.
    return true;
  }
}
