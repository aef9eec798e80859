// Runs one native import and makes it cancellable.
import type { BarImport, BarImportOptions, Native } from '../../native/load.ts';
import { fromNativeError } from '../../native/native-error.ts';
import { type Header, parseOutcome } from './bar-header.ts';

export interface ImportRequest {
  readonly source: string;
  readonly target: string;
  readonly options: BarImportOptions;
}

/** Imports on the addon's own thread. Rejects with DATASET_INVALID, FILE_NOT_FOUND, INVALID_INPUT, DATA_DIR_UNWRITABLE or CANCELLED. */
export async function importBars(
  native: Native,
  { source, target, options }: ImportRequest,
  signal: AbortSignal,
  onStarted: (running: BarImport) => void = () => undefined,
): Promise<Header> {
  const running = new native.BarImport();
  const cancel = (): void => running.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  onStarted(running);
  try {
    return parseOutcome(await running.run(source, target, options), source);
  } catch (error) {
    throw fromNativeError(error);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
