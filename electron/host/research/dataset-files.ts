// The folder of bar files in the data directory: one native file a name, and what was fetched for it.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../contract/datasets.ts';
import type { Native } from '../../native/load.ts';
import { fromNativeError } from '../../native/native-error.ts';
import { parseHeader, toDataset } from './bar-header.ts';

const suffix = '.bars';

export interface DatasetFiles {
  /** Absolute path of a name's bar file, whether it is there or not. */
  pathOf(name: string): string;
  /** Folder of what was fetched for a name. */
  fetchedFolder(name: string): string;
  exists(name: string): boolean;
  /** What is there under the name; null when nothing is. Throws DATASET_INVALID. */
  describe(name: string): Dataset | null;
  /** All of them by name, and those that cannot be used. */
  list(): { datasets: Dataset[]; unusable: { name: string; reason: string }[] };
  /** Removes the file and what was fetched for it. */
  remove(name: string): void;
  /** Creates the folder. */
  create(): void;
  /** Removes what a killed process was writing; nobody may be writing now. */
  forgetUnfinished(): void;
}

/** Opens the folder; it need not be there. */
export function openDatasetFiles(native: Native, folder: string): DatasetFiles {
  const pathOf = (name: string): string => join(folder, `${name}${suffix}`);
  const fetchedFolder = (name: string): string => join(folder, 'fetched', name);
  const exists = (name: string): boolean => existsSync(pathOf(name));

  function describe(name: string): Dataset | null {
    if (!exists(name)) return null;
    try {
      return toDataset(name, parseHeader(native.describeBars(pathOf(name))));
    } catch (error) {
      throw fromNativeError(error);
    }
  }

  function names(): string[] {
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter((file) => file.endsWith(suffix));
    return files.map((file) => file.slice(0, -suffix.length)).sort();
  }

  return {
    pathOf,
    fetchedFolder,
    exists,
    describe,
    list() {
      const datasets: Dataset[] = [];
      const unusable: { name: string; reason: string }[] = [];
      for (const name of names()) {
        try {
          const dataset = describe(name);
          if (dataset) datasets.push(dataset);
        } catch (error) {
          unusable.push({ name, reason: error instanceof Error ? error.message : String(error) });
        }
      }
      return { datasets, unusable };
    },
    remove(name) {
      rmSync(pathOf(name));
      rmSync(fetchedFolder(name), { recursive: true, force: true });
    },
    create() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    },
    forgetUnfinished() {
      if (!existsSync(folder)) return;
      const unfinished = readdirSync(folder).filter((file) => file.endsWith(`${suffix}.part`));
      for (const file of unfinished) rmSync(join(folder, file), { force: true });
    },
  };
}
