// Finds kept bar data by name or by symbol, for whoever reads it. Writes nothing but the built-in sample.
import { join } from 'node:path';
import { type Dataset, DatasetName } from '../../contract/datasets.ts';
import { DeskError } from '../../contract/errors.ts';
import type { Native } from '../../native/load.ts';
import { createBuiltInSample, sampleName, sampleSymbol } from './built-in-sample.ts';
import { type DatasetFiles, openDatasetFiles } from './dataset-files.ts';

export interface DatasetLookup {
  readonly files: DatasetFiles;
  /** The sample; null where its package is missing. */
  openSample(): Promise<Dataset | null>;
  /** Absolute path of a name's bar file, also of the sample's. Rejects with DATASET_NOT_FOUND. */
  find(name: string): Promise<string>;
  /** What a name holds. Rejects with DATASET_NOT_FOUND or DATASET_INVALID. */
  describe(name: string): Promise<Dataset>;
  /** Names of what holds the symbol; what is damaged is left out. */
  namesOf(symbol: string): string[];
}

export interface LookupParts {
  readonly native: Native;
  readonly dataDir: string;
  /** Path of the S&P 500 sample; null where it is missing. */
  readonly sampleFile: () => string | null;
}

/** Opens the folder of bar files; it need not be there. */
export function createDatasetLookup({ native, dataDir, sampleFile }: LookupParts): DatasetLookup {
  const folder = join(dataDir, 'datasets');
  const files = openDatasetFiles(native, folder);
  const samplePath = join(folder, 'built-in', `${sampleName}.bars`);
  const openSample = createBuiltInSample(native, sampleFile, samplePath);

  return {
    files,
    openSample,
    async find(name) {
      if (name === sampleName) {
        if (await openSample()) return samplePath;
      } else if (DatasetName.safeParse(name).success && files.exists(name)) {
        return files.pathOf(name);
      }
      throw datasetNotFound(name);
    },
    async describe(name) {
      const dataset = name === sampleName ? await openSample() : files.describe(name);
      if (!dataset) throw datasetNotFound(name);
      return dataset;
    },
    namesOf(symbol) {
      const names = files
        .list()
        .datasets.flatMap((dataset) => (dataset.symbol === symbol ? [dataset.name] : []));
      return symbol === sampleSymbol ? [sampleName, ...names] : names;
    },
  };
}

/** DATASET_NOT_FOUND, with the remedy. */
export function datasetNotFound(name: string): DeskError {
  return new DeskError('DATASET_NOT_FOUND', `There is no data called "${name}". See data for the names.`, {
    name,
  });
}
