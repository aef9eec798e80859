// Bar data for backtests: one native bar file a name, in a folder of the data directory. Owns that folder.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Dataset, DatasetName, type importDataset, type listDatasets } from '../../contract/datasets.ts';
import type { OutputOf, ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import type { Actor } from '../../contract/names.ts';
import type { BarImport, BarImportOptions, Native } from '../../native/load.ts';
import { fromNativeError } from '../../native/native-error.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { parseHeader, toDataset } from './bar-header.ts';
import { importBars } from './import-bars.ts';
import { nameOf, symbolOf } from './name-dataset.ts';

const suffix = '.bars';
const sampleName = 'sp500';
const sampleSymbol = 'SPX';

export interface Datasets {
  list(): Promise<OutputOf<typeof listDatasets>>;
  /** Imports a file that is not there yet. */
  import(input: ParsedInputOf<typeof importDataset>, actor: Actor, signal: AbortSignal): Promise<Dataset>;
  /** Writes bars under a name, replacing what was there; `work` makes the source. One at a time a name. */
  replace(
    name: string,
    options: BarImportOptions,
    actor: Actor,
    signal: AbortSignal,
    work: () => Promise<string>,
  ): Promise<Dataset>;
  remove(name: string, actor: Actor): void;
  /** Absolute path of a name's bar file, for backtests. Rejects with DATASET_NOT_FOUND. */
  find(name: string): Promise<string>;
  /** What is there under the name; null when nothing is. */
  describe(name: string): Dataset | null;
  /** Folder of what was fetched for a name; it goes with the name. */
  fetchedFolder(name: string): string;
  /** Cancels imports and waits for them. */
  close(): Promise<void>;
}

export interface DatasetParts {
  readonly native: Native;
  readonly dataDir: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Path of the S&P 500 sample; null where it is missing. */
  readonly sampleFile: () => string | null;
}

interface Running {
  readonly source: string;
  readonly done: Promise<unknown>;
  import: BarImport | null;
}

/** Opens the folder; it is created with the first import. */
export function createDatasets({ native, dataDir, store, clock, sampleFile }: DatasetParts): Datasets {
  const folder = join(dataDir, 'datasets');
  const builtIn = join(folder, 'built-in');
  const running = new Map<string, Running>();
  const closing = new AbortController();
  let sample: Promise<Dataset | null> | null = null;

  const pathOf = (name: string): string => join(folder, `${name}${suffix}`);
  const fetchedFolder = (name: string): string => join(folder, 'fetched', name);

  function describe(name: string): Dataset | null {
    if (!existsSync(pathOf(name))) return null;
    try {
      return toDataset(name, parseHeader(native.describeBars(pathOf(name))));
    } catch (error) {
      throw fromNativeError(error);
    }
  }

  /** The sample in the desk's own form, made when it is first asked for. */
  function openSample(): Promise<Dataset | null> {
    sample ??= readSample().catch((error: unknown) => {
      sample = null;
      throw error;
    });
    return sample;
  }

  async function readSample(): Promise<Dataset | null> {
    const source = sampleFile();
    if (source === null) return null;
    mkdirSync(builtIn, { recursive: true, mode: 0o700 });
    const options = { symbol: sampleSymbol, timeZone: null, allow: [], origin: 'file' };
    const target = join(builtIn, `${sampleName}${suffix}`);
    const header = await importBars(native, { source, target, options }, closing.signal);
    return { ...toDataset(sampleName, header), origin: 'sample' };
  }

  function names(): string[] {
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter((file) => file.endsWith(suffix));
    return files.map((file) => file.slice(0, -suffix.length)).sort();
  }

  /** Holds the name while `work` runs. */
  async function alone<T>(name: string, source: string, work: (slot: Running) => Promise<T>): Promise<T> {
    if (running.has(name))
      throw new DeskError('DATASET_EXISTS', `"${name}" is being written. Wait for it, or use another name.`, {
        name,
      });
    let finish = (): void => undefined;
    const slot: Running = { source, import: null, done: new Promise<void>((resolve) => (finish = resolve)) };
    running.set(name, slot);
    try {
      return await work(slot);
    } finally {
      running.delete(name);
      finish();
    }
  }

  async function write(
    slot: Running,
    name: string,
    source: string,
    options: BarImportOptions,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Dataset> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const request = { source, target: pathOf(name), options };
    const ended = AbortSignal.any([signal, closing.signal]);
    const header = await importBars(native, request, ended, (started) => (slot.import = started));
    const dataset = toDataset(name, header);
    const { symbol, origin, intervalMs, bars, firstAt, lastAt, barsSha256, report } = dataset;
    const dropped = report.problems.reduce((sum, problem) => sum + problem.dropped, 0);
    await store.commitDurable({
      kind: 'DatasetImported',
      at: clock.now(),
      actor,
      ...{ name, symbol, origin, intervalMs, bars, firstAt, lastAt, dropped, barsSha256 },
    });
    return dataset;
  }

  return {
    async list() {
      const builtInSample = await openSample();
      const datasets: Dataset[] = builtInSample ? [builtInSample] : [];
      const unusable: { name: string; reason: string }[] = [];
      for (const name of names()) {
        try {
          const dataset = describe(name);
          if (dataset) datasets.push(dataset);
        } catch (error) {
          unusable.push({ name, reason: error instanceof Error ? error.message : String(error) });
        }
      }
      const importing = [...running].flatMap(([name, { source, import: started }]) => {
        const stat = statSync(source, { throwIfNoEntry: false });
        return started && stat ? [{ name, ...started.progress(), totalBytes: stat.size }] : [];
      });
      return { datasets, importing, unusable };
    },
    import({ file, symbol, name, timeZone, allow }, actor, signal) {
      if (!isAbsolute(file))
        throw new DeskError('INVALID_INPUT', `file: "${file}" is not absolute. Give the whole path.`, {
          file,
        });
      const target = name ?? nameOf(file);
      assertFree(target);
      const instrument = symbol ?? symbolOf(file);
      return alone(target, file, (slot) => {
        assertFree(target);
        const options = { symbol: instrument, timeZone: timeZone ?? null, allow, origin: 'file' };
        return write(slot, target, file, options, actor, signal);
      });
    },
    replace: (name, options, actor, signal, work) =>
      alone(name, fetchedFolder(name), async (slot) =>
        write(slot, name, await work(), options, actor, signal),
      ),
    remove(name, actor) {
      if (name === sampleName)
        throw new DeskError('INVALID_INPUT', `name: "${name}" is built in and cannot be removed.`, { name });
      if (running.has(name))
        throw new DeskError('DATASET_EXISTS', `"${name}" is being written. Cancel that first.`, { name });
      if (!existsSync(pathOf(name))) throw notFound(name);
      rmSync(pathOf(name));
      rmSync(fetchedFolder(name), { recursive: true, force: true });
      store.commit({ kind: 'DatasetRemoved', at: clock.now(), actor, name });
    },
    async find(name) {
      if (name === sampleName) {
        if (await openSample()) return join(builtIn, `${sampleName}${suffix}`);
      } else if (DatasetName.safeParse(name).success && existsSync(pathOf(name))) {
        return pathOf(name);
      }
      throw notFound(name);
    },
    describe,
    fetchedFolder,
    async close() {
      closing.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };

  function assertFree(name: string): void {
    if (name !== sampleName && !existsSync(pathOf(name))) return;
    throw new DeskError(
      'DATASET_EXISTS',
      `There is data called "${name}" already. Give another name, or remove that first.`,
      { name },
    );
  }
}

function notFound(name: string): DeskError {
  return new DeskError('DATASET_NOT_FOUND', `There is no data called "${name}". See data for the names.`, {
    name,
  });
}
