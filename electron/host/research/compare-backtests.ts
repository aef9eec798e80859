// Sets reports side by side.
import { type BacktestReport, summariseBacktest } from '../../contract/backtest-report.ts';
import type { compareBacktests } from '../../contract/backtest.ts';
import type { OutputOf } from '../../contract/define-operation.ts';

/** Compares reports, at least one, in their order. */
export function compareReports(reports: readonly BacktestReport[]): OutputOf<typeof compareBacktests> {
  const setups = reports.map(flatten);
  const settings = [...new Set(setups.flatMap((setup) => [...setup.keys()]))];
  const rows = settings.map((setting) => ({
    setting,
    values: setups.map((setup) => setup.get(setting) ?? '-'),
  }));
  const names = [...new Set(reports.flatMap((report) => Object.keys(report.metrics)))];
  return {
    simulated: true,
    backtests: reports.map(summariseBacktest),
    differences: rows.filter(({ values }) => new Set(values).size > 1),
    metrics: names.map((name) => ({
      name,
      unit: reports.find((report) => report.units[name])?.units[name] ?? '',
      values: reports.map((report) => report.metrics[name] ?? null),
    })),
  };
}

/** Everything that may make two backtests differ, as text. */
function flatten(report: BacktestReport): Map<string, string> {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return new Map<string, string>([
    ['strategy', report.strategy],
    ['method', report.method],
    ['symbols', report.symbols.join(', ')],
    ['period', `${day(report.firstAt)} to ${day(report.lastAt)}`],
    ...Object.entries(report.params).map(([name, value]): [string, string] => [name, String(value)]),
    ...(report.agents.length < 2 ? [] : report.agents).map(({ id, symbols, params }): [string, string] => [
      id,
      `${symbols.join(', ')}; ${Object.entries(params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    ]),
    ...Object.entries(report.setup).map(([name, value]): [string, string] => [name, String(value ?? '-')]),
    ...report.data.map(({ symbol, barsSha256 }): [string, string] => [
      `data of ${symbol}`,
      barsSha256.slice(0, 12),
    ]),
  ]);
}
