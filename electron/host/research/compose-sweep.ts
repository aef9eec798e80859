// Makes the answer of a sweep or a walk from what the native code gives.
import { type SweepAnswer, type SweepSetup, shownVariants } from '../../contract/backtest-sweep.ts';
import type { SweepResult, WalkResult } from '../../native/load.ts';
import { strategiesOf } from './backtest-agents.ts';
import { composeReport, readCurve, readSources } from './compose-report.ts';
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

export interface SweepFacts {
  readonly id: string;
  readonly at: number;
  readonly setup: SweepSetup;
  readonly series: readonly Series[];
}

type Answer<K extends SweepAnswer['kind']> = Extract<SweepAnswer, { kind: K }>;
type Variant = Answer<'sweep'>['variants'][number];

/** Composes a sweep; its best variant is a report like any other, that counts all trials. */
export function composeSweep(result: SweepResult, { id, at, setup, series }: SweepFacts): Answer<'sweep'> {
  const { rank, params } = setup;
  const metricNames = [...new Set([rank, ...figures])];
  const chosen = readParams(result, result.best);
  return {
    kind: 'sweep',
    simulated: true,
    rank,
    paramNames: result.paramNames,
    metricNames,
    variants: rankVariants(result, metricNames),
    combinations: result.rows,
    trials: result.trials,
    best: composeReport(result.report, {
      id,
      at,
      setup: { ...settingsOf(setup), params: { ...params, ...chosen } },
      series,
      trials: result.trials,
    }),
    tookMs: result.tookMs,
  };
}

/** What a report lists as assumed: that there was a grid is in its trials. */
function settingsOf({
  grid: _grid,
  rank: _rank,
  trainBars: _train,
  testBars: _test,
  anchored: _anchored,
  ...setup
}: SweepSetup) {
  return setup;
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

/** Composes a walk. */
export function composeWalk(result: WalkResult, { setup, series }: SweepFacts): Answer<'walk'> {
  const metrics = Object.fromEntries(result.metrics.map(({ name, value }) => [name, value]));
  return {
    kind: 'walk',
    simulated: true,
    strategy: strategiesOf(setup),
    symbols: series.map(({ symbol }) => symbol),
    rank: setup.rank,
    status: result.passed ? 'passed' : 'failed',
    steps: result.steps.map(({ trainFromMs, trainToMs, testFromMs, testToMs, ...step }) => ({
      trainFrom: trainFromMs,
      trainTo: trainToMs,
      testFrom: testFromMs,
      testTo: testToMs,
      ...step,
    })),
    metrics,
    units: Object.fromEntries(result.metrics.map(({ name, unit }) => [name, unit])),
    tradeCount: metrics['tradeCount'] ?? 0,
    failedChecks: result.failedChecks.map(({ betrayedAtMs, ...check }) => ({
      ...check,
      betrayedAt: betrayedAtMs,
    })),
    ruinedAt: result.ruinedAtMs,
    equity: readCurve(result.curve),
    data: readSources(result.data, series),
    trials: metrics['trials'] ?? 0,
    tookMs: result.tookMs,
  };
}
