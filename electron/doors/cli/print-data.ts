// Words for what the operations on bar data answer.
import type {
  DataReport,
  Dataset,
  fetchDatasets,
  importDataset,
  listDatasets,
  removeDataset,
} from '../../contract/datasets.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import { describeProblem } from '../../contract/describe-problem.ts';
import { count, percent } from './format.ts';
import { table, type View } from './view.ts';

export function printDatasets(
  { datasets, importing, simulating, unusable }: OutputOf<typeof listDatasets>,
  view: View,
): string {
  const known = table(
    datasets,
    [
      { title: 'name', cell: (dataset) => dataset.name },
      { title: 'symbol', cell: (dataset) => dataset.symbol },
      { title: 'bars', cell: (dataset) => String(dataset.bars), align: 'right' },
      { title: 'every', cell: (dataset) => interval(dataset.intervalMs) },
      { title: 'first', cell: (dataset) => day(dataset.firstAt) },
      { title: 'last', cell: (dataset) => day(dataset.lastAt) },
      { title: 'from', cell: (dataset) => origin(dataset) },
      { title: 'told', cell: (dataset) => told(dataset.report) },
    ],
    view,
    'No data. Bring some in with: neural-trader data-import <file>',
  );
  const running = importing.map(
    ({ name, rows, bytes, totalBytes }) =>
      `Importing ${name}: ${count(rows, 'row')}, ${percent(totalBytes === 0 ? 0 : Math.min(bytes / totalBytes, 1))} read.`,
  );
  const making = simulating.map(
    ({ names, bars, totalBars }) =>
      `Simulating ${names.join(', ')}: ${percent(totalBars === 0 ? 0 : bars / totalBars)} made.`,
  );
  const broken = unusable.map(({ name, reason }) => `${name} cannot be used: ${reason}`);
  return [known, ...running, ...making, ...broken].join('\n');
}

export function printImport(dataset: OutputOf<typeof importDataset>): string {
  return `Imported ${describeDataset(dataset)}\n${describeProblems(dataset.report)}`;
}

export function printFetch({ datasets }: OutputOf<typeof fetchDatasets>): string {
  return datasets
    .map((dataset) => {
      const what =
        dataset.fetched === 0 ? 'nothing new was needed' : `${count(dataset.fetched, 'bar')} fetched`;
      return `${describeDataset(dataset)} ${what}.\n${describeProblems(dataset.report)}`;
    })
    .join('\n');
}

export function printRemoved({ name }: OutputOf<typeof removeDataset>): string {
  return `Removed ${name}.`;
}

/** "goog: 2148 bars of GOOG every day, 2004-08-19 to 2013-03-01, from a file." */
export function describeDataset(dataset: Dataset): string {
  const { name, symbol, bars, intervalMs, firstAt, lastAt } = dataset;
  return `${name}: ${count(bars, 'bar')} of ${symbol} every ${interval(intervalMs)}, ${day(firstAt)} to ${day(lastAt)}, from ${origin(dataset)}.`;
}

/** What a source got wrong, one kind a line. */
export function describeProblems({ rows, problems: found }: DataReport): string {
  if (found.length === 0) return `All ${count(rows, 'row')} are sound.`;
  return found.map((problem) => `  ${describeProblem(problem)}`).join('\n');
}

function told({ problems: found }: DataReport): string {
  return found.map(({ kind, count: times }) => `${times} ${kind}`).join(', ') || 'sound';
}

function origin({ origin: from, simulated }: Dataset): string {
  const place = {
    file: 'a file',
    sample: 'the built-in sample',
    broker: 'the broker',
    demo: 'demo market',
    simulator: 'the simulator',
  }[from];
  return simulated ? `${place}, simulated` : place;
}

const units = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

function interval(ms: number): string {
  const [unitMs, unit] = units.find(([size]) => ms % size === 0) ?? [1, 'millisecond'];
  return ms === unitMs ? unit : `${ms / unitMs} ${unit}s`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
