// How the parameters were chosen: the grid of a sweep, or the folds of a walk-forward. A plain run has neither.
import type { GridChoice, WalkForward } from '../../electron/contract/backtest-choice.ts';
import type { BacktestReport } from '../../electron/contract/backtest-report.ts';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { metricTerm } from '../../electron/contract/metric-terms.ts';
import { Card } from '../ui/card.tsx';
import { classNames } from '../ui/class-names.ts';
import { day } from './day.ts';

const shown = 20;

export function ChoiceCard({ report }: { readonly report: BacktestReport }) {
  if (report.walk) return <Folds walk={report.walk} units={report.units} />;
  return report.grid ? <Grid grid={report.grid} report={report} /> : null;
}

interface FoldsProps {
  readonly walk: WalkForward;
  readonly units: BacktestReport['units'];
}

function Folds({ walk: { folds, rank }, units }: FoldsProps) {
  return (
    <Card
      title="Walk-forward"
      note={`${folds.length} folds, each chosen by ${metricTerm(rank)} and judged on the bars after it`}
    >
      <table className="data-table dense mt-1" aria-label="Folds">
        <thead>
          <tr>
            <th className="left">Trained on</th>
            <th className="left">Tested on</th>
            <th className="left w-full">Chose</th>
            <th>{metricTerm(rank)}</th>
            <th>Return in test</th>
          </tr>
        </thead>
        <tbody>
          {folds.map((fold) => (
            <tr key={fold.testFrom}>
              <td className="left text-muted">{span(fold.trainFrom, fold.trainTo)}</td>
              <td className="left">{span(fold.testFrom, fold.testTo)}</td>
              <td className="left w-full max-w-0 truncate" title={wordsOf(fold.params)}>
                {wordsOf(fold.params)}
              </td>
              <td className="text-muted">{formatMetric(fold.trainScore, units[rank] ?? '')}</td>
              <td className={classNames('font-medium', fold.testReturnPct < 0 && 'text-critical')}>
                {formatMetric(fold.testReturnPct, '%')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Grid({ grid, report }: { readonly grid: GridChoice; readonly report: BacktestReport }) {
  const { paramNames, metricNames, rank, combinations } = grid;
  const ran = grid.variants.filter(({ refused }) => refused === null);
  const some = ran.length > shown ? `, the first ${shown} of them` : '';
  return (
    <Card
      title="Sweep"
      note={`the best by ${metricTerm(rank)}; ${count(report.trials)} of ${count(combinations)} combinations were run${some}`}
    >
      <div className="overflow-x-auto">
        <table className="data-table dense mt-1" aria-label="Variants">
          <thead>
            <tr>
              {[...paramNames, ...metricNames.map(metricTerm)].map((title) => (
                <th key={title} className="!whitespace-normal py-1 align-bottom">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ran.slice(0, shown).map(({ params, metrics }) => (
              <tr key={params.join(' ')}>
                {paramNames.map((name, index) => (
                  <td key={name}>{params[index]}</td>
                ))}
                {metricNames.map((name, index) => (
                  <td key={name} className={name === rank ? 'font-medium' : 'text-muted'}>
                    {formatMetric(metrics[index] ?? null, report.units[name] ?? '')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function span(from: number, to: number): string {
  return `${day(from)} to ${day(to)}`;
}

function wordsOf(params: Readonly<Record<string, number>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function count(amount: number): string {
  return amount.toLocaleString('en');
}
