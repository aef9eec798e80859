// Bar data for backtests: imported, fetched, simulated, built in. Owns the folder of bar files in the data directory.
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Dataset, importDataset, listDatasets } from '../../contract/datasets.ts';
import type { OutputOf, ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import type { WorkGauge } from '../../contract/frames.ts';
import type { Actor } from '../../contract/names.ts';
import type { simulateMarket } from '../../contract/simulate.ts';
import type { BarImportOptions, Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { parseSimulated, toDataset } from './bar-header.ts';
import { sampleName } from './built-in-sample.ts';
import { type DatasetLookup, datasetNotFound } from './dataset-lookup.ts';
import { importBars } from './import-bars.ts';
import { nameOf, symbolOf } from './name-dataset.ts';
import { createNameHolds, type Held } from './name-holds.ts';
import { runNativeJob } from './run-native-job.ts';
import { simulatedSeries, simulationPlan } from './simulate-bars.ts';

export interface Datasets {
  list(): Promise<OutputOf<typeof listDatasets>>;
  /** Imports a file that is not there yet. */
  import(input: ParsedInputOf<typeof importDataset>, actor: Actor, signal: AbortSignal): Promise<Dataset>;
  /** Simulates bars; they replace simulated ones of the same name. */
  simulate(
    input: ParsedInputOf<typeof simulateMarket>,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<OutputOf<typeof simulateMarket>>;
  /** Writes bars under a name, replacing what was there; `work` makes the source. One at a time a name. */
  replace(
    name: string,
    options: BarImportOptions,
    actor: Actor,
    signal: AbortSignal,
    work: () => Promise<string>,
  ): Promise<Dataset>;
  remove(name: string, actor: Actor): void;
  /** What is being written, the oldest first. */
  work(): readonly WorkGauge[];
  /** What is there under the name; null when nothing is. */
  describe(name: string): Dataset | null;
  /** Folder of what was fetched for a name; it goes with the name. */
  fetchedFolder(name: string): string;
  /** Cancels what is being written and waits for it. */
  close(): Promise<void>;
}

export interface DatasetParts {
  readonly native: Native;
  readonly lookup: DatasetLookup;
  readonly store: Store;
  readonly clock: Clock;
  /** Path of the S&P 500 sample; null where it is missing. */
  readonly sampleFile: () => string | null;
}

/** Opens the folder, of which the host is the only writer; it is created with the first data. */
export function createDatasets({ native, lookup, store, clock, sampleFile }: DatasetParts): Datasets {
  const { files, openSample } = lookup;
  const holds = createNameHolds();
  const closing = new AbortController();
  files.forgetUnfinished();

  async function record(dataset: Dataset, actor: Actor): Promise<void> {
    const { name, symbol, origin, intervalMs, bars, firstAt, lastAt, barsSha256, report } = dataset;
    const dropped = report.problems.reduce((sum, problem) => sum + problem.dropped, 0);
    await store.commitDurable({
      kind: 'DatasetImported',
      at: clock.now(),
      actor,
      ...{ name, symbol, origin, intervalMs, bars, firstAt, lastAt, dropped, barsSha256 },
    });
  }

  async function importInto(
    held: Held,
    name: string,
    source: string,
    options: BarImportOptions,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Dataset> {
    files.create();
    const request = { source, target: files.pathOf(name), options };
    const header = await importBars(native, request, AbortSignal.any([signal, closing.signal]), (running) => {
      held.progress = () => {
        const stat = statSync(source, { throwIfNoEntry: false });
        return stat ? { kind: 'import', ...running.progress(), totalBytes: stat.size } : null;
      };
    });
    const dataset = toDataset(name, header);
    await record(dataset, actor);
    return dataset;
  }

  function assertFree(name: string): void {
    if (name !== sampleName && !files.exists(name)) return;
    throw new DeskError(
      'DATASET_EXISTS',
      `There is data called "${name}" already. Give another name, or remove that first.`,
      { name },
    );
  }

  return {
    async list() {
      const sample = await openSample();
      const { datasets, unusable } = files.list();
      const underWay = holds.underWay();
      return {
        datasets: sample ? [sample, ...datasets] : datasets,
        importing: underWay.flatMap(({ names, progress }) => {
          if (progress.kind !== 'import') return [];
          const { rows, bytes, totalBytes } = progress;
          return names.map((name) => ({ name, rows, bytes, totalBytes }));
        }),
        simulating: underWay.flatMap(({ names, progress }) => {
          if (progress.kind !== 'simulation') return [];
          return [{ names: [...names], bars: progress.bars, totalBars: progress.totalBars }];
        }),
        unusable,
      };
    },
    async import({ file, symbol, name, timeZone, allow }, actor, signal) {
      if (!isAbsolute(file))
        throw new DeskError('INVALID_INPUT', `file: "${file}" is not absolute. Give the whole path.`, {
          file,
        });
      const target = name ?? nameOf(file);
      assertFree(target);
      const instrument = symbol ?? symbolOf(file);
      return holds.hold([target], (held) => {
        const options = { symbol: instrument, timeZone: timeZone ?? null, allow, origin: 'file' };
        return importInto(held, target, file, options, actor, signal);
      });
    },
    async simulate(input, actor, signal) {
      const series = simulatedSeries(input);
      const names = series.map(({ name }) => name);
      return holds.hold(names, async (held) => {
        for (const name of names) if (files.describe(name)?.origin !== 'simulator') assertFree(name);
        files.create();
        const running = new native.BarSimulation();
        held.progress = () => ({ kind: 'simulation', ...running.progress() });
        const plan = simulationPlan(input, files.pathOf, sampleFile());
        const ended = AbortSignal.any([signal, closing.signal]);
        const { headers, calibration } = parseSimulated(
          await runNativeJob(running, () => running.run(plan), ended),
        );
        const datasets = series.flatMap(({ name, symbol }) =>
          headers.filter((header) => header.symbol === symbol).map((header) => toDataset(name, header)),
        );
        for (const dataset of datasets) await record(dataset, actor);
        return { simulated: true, seed: input.seed, datasets, calibration };
      });
    },
    replace: (name, options, actor, signal, work) =>
      holds.hold([name], async (held) => importInto(held, name, await work(), options, actor, signal)),
    remove(name, actor) {
      if (name === sampleName)
        throw new DeskError('INVALID_INPUT', `name: "${name}" is built in and cannot be removed.`, { name });
      if (holds.isHeld(name))
        throw new DeskError('DATASET_EXISTS', `"${name}" is being written. Cancel that first.`, { name });
      if (!files.exists(name)) throw datasetNotFound(name);
      files.remove(name);
      store.commit({ kind: 'DatasetRemoved', at: clock.now(), actor, name });
    },
    work: () =>
      holds.underWay().map(({ names, progress }) => {
        const of = names.join(', ');
        return progress.kind === 'import'
          ? { id: `data-${of}`, label: `Import of ${of}`, done: progress.bytes, total: progress.totalBytes }
          : {
              id: `data-${of}`,
              label: `Simulation of ${of}`,
              done: progress.bars,
              total: progress.totalBars,
            };
      }),
    describe: files.describe,
    fetchedFolder: files.fetchedFolder,
    async close() {
      closing.abort();
      await holds.ended();
    },
  };
}
