// Runs work of the addon that has a thread of its own, and makes it cancellable.
import { fromNativeError } from '../../native/native-error.ts';

/** Resolves with what `run` does; the signal cancels the job. Rejects with the desk's own error. */
export async function runNativeJob(
  job: { cancel(): void },
  run: () => Promise<string>,
  signal: AbortSignal,
): Promise<string> {
  const cancel = (): void => job.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await run();
  } catch (error) {
    throw fromNativeError(error);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
