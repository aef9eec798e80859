// One backtest: whether to believe it, its figures with their definitions, its equity, its trades.
import { lazy } from 'react';
import type { BacktestReport } from '../../electron/contract/backtest-report.ts';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { checkTerm, keyMetrics, metricTerm, inTerms } from '../../electron/contract/metric-terms.ts';
import { MICROS_PER_USD } from '../../electron/contract/money.ts';
import { ChartCard, type ChartTable } from '../overview/chart-card.tsx';
import { Card } from '../ui/card.tsx';
import { classNames } from '../ui/class-names.ts';
import { FactGrid } from '../ui/facts.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { ChoiceCard } from './choice-card.tsx';
import { DataCard } from './data-card.tsx';
import { day } from './day.ts';
import { TradeTable } from './trade-table.tsx';

const EquityChart = lazy(() => import('./equity-chart.tsx'));

const methods = {
  run: 'one run',
  sweep: 'best of a sweep',
  'walk-forward': 'walk-forward, all tests',
} as const satisfies Record<BacktestReport['method'], string>;

export function BacktestView({ report }: { readonly report: BacktestReport }) {
  const { metrics, units, method, symbols, strategy, firstAt, lastAt, bars } = report;
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 overflow-y-auto">
      <Verdict report={report} />
      <Card
        title={`${strategy} on ${symbols.join(', ')}`}
        note={`${methods[method]} · ${day(firstAt)} to ${day(lastAt)} · ${bars.toLocaleString('en')} bars · SIMULATED`}
      >
        <div className="mt-2">
          <FactGrid
            facts={keyMetrics.map((name) => [
              metricTerm(name),
              formatMetric(metrics[name] ?? null, units[name] ?? ''),
            ])}
          />
        </div>
      </Card>
      <ChartCard
        title="Equity"
        note="USD at the closes, simulated"
        table={report.equity.length > 1 ? tableOf(report) : null}
        empty="There is no curve to draw"
        fileName={`${report.id}-equity`}
        className="h-[300px] shrink-0"
      >
        <EquityChart points={report.equity} />
      </ChartCard>
      <ChoiceCard report={report} />
      <Checks report={report} />
      <Metrics report={report} />
      <TradeTable trades={report.trades} count={report.tradeCount} />
      <DataCard sources={report.data} />
    </div>
  );
}

function Verdict({ report }: { readonly report: BacktestReport }) {
  const failed = report.checks.filter((check) => !check.passed);
  if (failed.length === 0 && report.ruinedAt === null) return null;
  const words =
    failed.length > 0
      ? `FAILED ${failed.map(({ name }) => checkTerm(name)).join(', ')}: do not believe the figures.`
      : `All was lost on ${day(report.ruinedAt ?? report.lastAt)}.`;
  return (
    <p
      role="alert"
      className="flex items-center gap-2 rounded-card border border-critical px-3.5 py-3 font-medium text-critical"
    >
      <Glyph shape="square" />
      {words}
    </p>
  );
}

function Checks({ report }: { readonly report: BacktestReport }) {
  return (
    <Card title="Checks" note="run before any figure is shown">
      <table className="data-table mt-1" aria-label="Checks">
        <tbody>
          {report.checks.map(({ name, passed, detail, betrayedAt }) => (
            <tr key={name}>
              <td className="left w-32">{checkTerm(name)}</td>
              <td className={classNames('left w-20', passed ? 'text-muted' : 'font-medium text-critical')}>
                {passed ? 'passed' : 'FAILED'}
              </td>
              <td className="left !whitespace-normal text-muted">
                {inTerms(detail)}
                {betrayedAt === null ? '' : `; bar of ${new Date(betrayedAt).toISOString()}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Metrics({ report }: { readonly report: BacktestReport }) {
  const { metrics, units, definitions, undefinedBecause } = report;
  return (
    <Card title="Metrics" note="each with its definition">
      <table className="data-table mt-1" aria-label="Metrics">
        <tbody>
          {Object.entries(metrics).map(([name, value]) => (
            <tr key={name}>
              <td className="left w-52">{metricTerm(name)}</td>
              <td
                className={classNames('w-32', value === null ? 'text-dim' : 'font-medium')}
                title={undefinedBecause[name]}
              >
                {formatMetric(value, units[name] ?? '')}
              </td>
              <td className="left !whitespace-normal text-label text-dim">
                {inTerms(definitions[name] ?? '')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function tableOf({ equity }: BacktestReport): ChartTable {
  const usd = (micros: number): number => micros / MICROS_PER_USD;
  return {
    header: ['Bar', 'Equity, simulated'],
    rows: equity.map(({ at, micros }) => [new Date(at).toISOString(), formatMetric(usd(micros), 'usd')]),
    csv: equity.map(({ at, micros }) => [new Date(at).toISOString(), usd(micros)]),
  };
}
