// One host a data directory: held by the operating system for as long as the process lives.
import type { InstanceLock, Native } from '../native/load.ts';
import { fromNativeError } from '../native/native-error.ts';

/** Takes the lock. Throws HOST_RUNNING naming the holder's pid. */
export function lockDataDir(native: Native, lockFile: string, pid: number): InstanceLock {
  try {
    return native.InstanceLock.acquire(lockFile, `pid ${pid}`);
  } catch (error) {
    throw fromNativeError(error);
  }
}
