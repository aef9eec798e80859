// Words for simulated bars and their calibration.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { MeasuredSeries, simulateMarket } from '../../contract/simulate.ts';
import { count } from './format.ts';
import { describeDataset, describeProblems } from './print-data.ts';
import { table, type View } from './view.ts';

export function printSimulation(
  { seed, datasets, calibration: { sample, simulated } }: OutputOf<typeof simulateMarket>,
  view: View,
): string {
  const made = datasets.map((dataset) => `${describeDataset(dataset)} ${describeProblems(dataset.report)}`);
  const series = [...(sample ? [sample] : []), ...simulated];
  const names = (series[0]?.figures ?? []).map(({ name }) => name);
  const figures = table(
    names,
    [
      { title: 'figure', cell: (name) => name },
      ...series.map((measured) => ({
        title: measured === sample ? 'S&P 500 sample' : `${measured.symbol} simulated`,
        cell: (name: string) => figure(measured, name),
        align: 'right' as const,
      })),
    ],
    view,
    '',
  );
  return [`Simulated with seed ${seed}:`, ...made, '', figures, '', ...notes(sample, simulated)].join('\n');
}

function figure({ figures }: MeasuredSeries, wanted: string): string {
  return figures.find(({ name }) => name === wanted)?.value?.toFixed(3) ?? 'not measured';
}

function notes(sample: MeasuredSeries | null, simulated: readonly MeasuredSeries[]): string[] {
  const days = Math.max(...simulated.map((measured) => measured.days));
  const measured = `Measured on ${count(days, 'simulated day')}; the fewer, the further from the sample by chance.`;
  const beside = sample
    ? `The sample has ${count(sample.days, 'day')} of the S&P 500.`
    : 'The S&P 500 sample is not installed.';
  const plausible = simulated.filter(({ fitted }) => !fitted).map(({ symbol }) => symbol);
  const fitting =
    plausible.length === 0
      ? []
      : [
          `The simulator is fitted to the sample in SPY; the figures of ${plausible.join(', ')} are plausible, not fitted.`,
        ];
  return [`${measured} ${beside}`, ...fitting, 'Nobody ever traded at these prices.'];
}
