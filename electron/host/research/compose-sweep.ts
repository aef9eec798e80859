// Makes the report of a sweep or of a walk-forward from what the native code gives.
import { type GridChoice, shownVariants } from '../../contract/backtest-choice.ts';
import { type BacktestReport, keptTrades } from '../../contract/backtest-report.ts';
import type { SweepSetup } from '../../contract/backtest-sweep.ts';
import type { SweepResult, WalkResult } from '../../native/load.ts';
import { agentsOf, strategiesOf } from './backtest-agents.ts';
import {
  composeReport,
  listSettings,
  readChecks,
  readCurve,
  readDenials,
  readMetrics,
  readSources,
  readTrades,
} from './compose-report.ts';
import type { Series } from './open-series.ts';

/** Figures of each variant, beside the one that ranks. */
const figures = [
  'returnPct',
  'cagrPct',
  'sharpe',
  'sortino',
  'maxDrawdownPct',
  'tradeCount',
  'deflatedSharpe',
];
/** Each test passes these by itself. */
const checksOfTests = ['lookAhead', 'accounting'];

export interface SweepFacts {
  readonly id: string;
  readonly at: number;
  readonly setup: SweepSetup;
  readonly series: readonly Series[];
}

type Variant = GridChoice['variants'][number];
type Walk = NonNullable<BacktestReport['walk']>;
/** How far a walk trains and tests. */
export type WalkStretches = Pick<Walk, 'trainBars' | 'testBars' | 'anchored'>;

/** Composes a sweep: the report of its best variant, which counts all trials, with the table of all variants. */
export function composeSweep(result: SweepResult, { id, at, setup, series }: SweepFacts): BacktestReport {
  const { rank, params } = setup;
  const metricNames = [...new Set([rank, ...figures])];
  const best = composeReport(result.report, {
    id,
    at,
    setup: { ...setup, params: { ...params, ...readParams(result, result.best) } },
    series,
    trials: result.trials,
  });
  return {
    ...best,
    method: 'sweep',
    setup: settingsOf(setup),
    grid: {
      rank,
      paramNames: result.paramNames,
      metricNames,
      variants: rankVariants(result, metricNames),
      combinations: result.rows,
      tookMs: result.tookMs,
    },
  };
}

/** What was assumed, the grid in words: "fast 5|10, slow 20|30". */
function settingsOf({ grid, trainBars, testBars, anchored, ...setup }: SweepSetup): BacktestReport['setup'] {
  const axes = Object.entries(grid).map(([name, values]) => `${name} ${values.join('|')}`);
  const walk =
    trainBars === undefined ? {} : { trainBars, testBars: testBars ?? null, anchored: String(anchored) };
  return { ...listSettings(setup), grid: axes.join(', '), ...walk };
}

function readParams({ paramNames, params }: SweepResult, row: number): Record<string, number> {
  const value = (index: number): number => params[row * paramNames.length + index] ?? Number.NaN;
  return Object.fromEntries(paramNames.map((name, index) => [name, value(index)]));
}

/** The highest first, those without the figure after them, those that were not run last. */
function rankVariants(result: SweepResult, metricNames: readonly string[]): Variant[] {
  const refused = new Map(result.refused.map(({ row, reason }) => [row, reason]));
  const columns = metricNames.map((name) => result.metricNames.indexOf(name));
  const variants = Array.from({ length: result.rows }, (_, row) => ({
    params: Object.values(readParams(result, row)),
    metrics: columns.map((column) => {
      const value = result.metrics[row * result.metricNames.length + column];
      return value === undefined || Number.isNaN(value) ? null : value;
    }),
    refused: refused.get(row) ?? null,
  }));
  const place = ({ metrics: [score = null], refused: why }: Variant): number =>
    why === null ? (score ?? -Number.MAX_VALUE) : Number.NEGATIVE_INFINITY;
  return variants
    .sort((one, other) => (place(other) > place(one) ? 1 : place(other) < place(one) ? -1 : 0))
    .slice(0, shownVariants);
}

/** Composes a walk-forward: the tests one after the other, as one backtest. */
export function composeWalk(
  result: WalkResult,
  { id, at, setup, series }: SweepFacts,
  stretches: WalkStretches,
): BacktestReport {
  const metrics = readMetrics(result.metrics);
  const { values } = metrics;
  const folds = result.steps.map(({ trainFromMs, trainToMs, testFromMs, testToMs, ...fold }) => ({
    trainFrom: trainFromMs,
    trainTo: trainToMs,
    testFrom: testFromMs,
    testTo: testToMs,
    ...fold,
  }));
  const bars = values['bars'] ?? 0;
  return {
    kind: 'backtest',
    simulated: true,
    id,
    at,
    method: 'walk-forward',
    strategy: strategiesOf(setup),
    symbols: series.map(({ symbol }) => symbol),
    params: {},
    status: result.passed ? 'passed' : 'failed',
    firstAt: folds[0]?.testFrom ?? 0,
    lastAt: folds.at(-1)?.testTo ?? 0,
    bars,
    tradeCount: values['tradeCount'] ?? 0,
    hash: result.hash,
    agents: agentsOf(setup).map(({ id: agentId, strategy, params }) => ({
      id: agentId,
      strategy,
      symbols: series.map(({ symbol }) => symbol),
      params,
      books: [],
    })),
    setup: settingsOf(setup),
    metrics: values,
    definitions: metrics.definitions,
    units: metrics.units,
    undefinedBecause: metrics.undefinedBecause,
    checks: checksOf(result, folds.length),
    denials: readDenials(result.denials),
    missedLimits: result.missedOrders,
    ruinedAt: result.ruinedAtMs,
    trades: readTrades(result.trades).slice(0, keptTrades),
    equity: readCurve(result.curve),
    data: readSources(result.data, series),
    trials: values['trials'] ?? 0,
    grid: null,
    walk: { rank: setup.rank, ...stretches, folds },
    tookMs: result.tookMs,
    barsPerSecond: result.tookMs > 0 ? bars / (result.tookMs / 1_000) : 0,
  };
}

/** One that a test failed as it is; one that all passed as one. */
function checksOf({ failedChecks }: WalkResult, tests: number): BacktestReport['checks'] {
  return checksOfTests.flatMap((name) => {
    const failed = readChecks(failedChecks.filter((check) => check.name === name));
    if (failed.length > 0) return failed;
    return [{ name, passed: true, detail: `passed by each of the ${tests} tests`, betrayedAt: null }];
  });
}
