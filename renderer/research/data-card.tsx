import type { BacktestReport } from '../../electron/contract/backtest-report.ts';
import { describeProblem } from '../../electron/contract/describe-problem.ts';
import { Card } from '../ui/card.tsx';
import { day } from './day.ts';

const origins = {
  file: 'a given file',
  sample: 'the shipped sample, real prices',
  broker: 'fetched from the broker',
  demo: 'the demo market, SIMULATED prices',
  simulator: 'the market simulator, SIMULATED prices',
} as const satisfies Record<BacktestReport['data'][number]['origin'], string>;

/** Where the bars came from, and what their import found. */
export function DataCard({ sources }: { readonly sources: BacktestReport['data'] }) {
  return (
    <Card title="Data" note="and what its import found">
      <table className="data-table mt-1" aria-label="Data">
        <tbody>
          {sources.map(({ symbol, source, origin, bars, firstAt, lastAt, problems }) => (
            <tr key={symbol}>
              <td className="left w-24 align-top font-medium">{symbol}</td>
              <td className="left w-full !whitespace-normal">
                {source}
                <span className="text-muted">
                  {` · ${origins[origin]} · ${bars.toLocaleString('en')} bars, ${day(firstAt)} to ${day(lastAt)}`}
                </span>
                {problems.map((problem) => (
                  <p key={problem.kind} className="py-0.5 text-label text-dim">
                    {describeProblem(problem)}
                  </p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
