// The S&P 500 sample in the desk's own form, made when it is first asked for.
import { mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Dataset } from '../../contract/datasets.ts';
import type { Native } from '../../native/load.ts';
import { toDataset } from './bar-header.ts';
import { importBars } from './import-bars.ts';

/** The name it has among the data. */
export const sampleName = 'sp500';
export const sampleSymbol = 'SPX';
/** It is small: who closes waits for it. */
const neverAborted = new AbortController().signal;
const options = { symbol: sampleSymbol, timeZone: null, allow: [], origin: 'file' };

/** Returns what gives the sample: null where its file is missing. It is written to `target`; after a failure it is tried again. */
export function createBuiltInSample(
  native: Native,
  sampleFile: () => string | null,
  target: string,
): () => Promise<Dataset | null> {
  let sample: Promise<Dataset | null> | null = null;

  async function read(): Promise<Dataset | null> {
    const source = sampleFile();
    if (source === null) return null;
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    // A host and a command line may both make it: each beside its place.
    const own = `${target}.${process.pid}`;
    const header = await importBars(native, { source, target: own, options }, neverAborted);
    renameSync(own, target);
    return { ...toDataset(sampleName, header), origin: 'sample' };
  }

  return () => {
    sample ??= read().catch((error: unknown) => {
      sample = null;
      throw error;
    });
    return sample;
  };
}
