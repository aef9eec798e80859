// Runs one native import.
import type { BarImport, BarImportOptions, Native } from '../../native/load.ts';
import { type Header, parseOutcome, type Remedy } from './bar-header.ts';
import { runNativeJob } from './run-native-job.ts';

export interface ImportRequest {
  readonly source: string;
  readonly target: string;
  readonly options: BarImportOptions;
  /** What a file with wrong rows is told; the way of an import into the desk when left out. */
  readonly remedy?: Remedy;
}

/** Imports on the addon's own thread. Rejects with DATASET_INVALID, FILE_NOT_FOUND, INVALID_INPUT, DATA_DIR_UNWRITABLE or CANCELLED. */
export async function importBars(
  native: Pick<Native, 'BarImport'>,
  { source, target, options, remedy }: ImportRequest,
  signal: AbortSignal,
  onStarted: (running: BarImport) => void = () => undefined,
): Promise<Header> {
  const running = new native.BarImport();
  onStarted(running);
  return parseOutcome(
    await runNativeJob(running, () => running.run(source, target, options), signal),
    source,
    remedy,
  );
}
