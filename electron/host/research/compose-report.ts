// Makes the report of a backtest from what the native code gives.
import type { BacktestReport, BacktestTrade } from '../../contract/backtest-report.ts';
import type { BacktestSetup } from '../../contract/backtest-setup.ts';
import { paramsInForce } from '../../contract/strategy-input.ts';
import type { BacktestData, BacktestResult, CurveColumns, TradeColumns } from '../../native/load.ts';
import { type AgentOfBacktest, agentsOf, strategiesOf } from './backtest-agents.ts';
import type { Series } from './open-series.ts';

export interface RunFacts {
  readonly id: string;
  readonly at: number;
  readonly setup: BacktestSetup;
  readonly series: readonly Series[];
  readonly trials: number;
}

/** Composes the report; one failed check fails the backtest. */
export function composeReport(result: BacktestResult, facts: RunFacts): BacktestReport {
  const { setup, series } = facts;
  const { values, definitions, units, undefinedBecause } = readMetrics(result.metrics);
  return {
    kind: 'backtest',
    simulated: true,
    id: facts.id,
    at: facts.at,
    method: 'run',
    strategy: strategiesOf(setup),
    symbols: series.map(({ symbol }) => symbol),
    params: setup.strategy === undefined ? {} : paramsInForce(setup.strategy, setup.params),
    status: result.checks.every((check) => check.passed) ? 'passed' : 'failed',
    firstAt: Math.min(...result.data.map((row) => row.firstAtMs)),
    lastAt: Math.max(...result.data.map((row) => row.lastAtMs)),
    bars: result.bars,
    tradeCount: values['tradeCount'] ?? 0,
    hash: result.hash,
    agents: agentsOf(setup).map((agent) => describeAgent(agent, series, result)),
    setup: listSettings(setup),
    metrics: values,
    ...{ definitions, units, undefinedBecause },
    checks: readChecks(result.checks),
    denials: readDenials(result.denials),
    missedLimits: result.missedOrders,
    ruinedAt: result.ruinedAtMs,
    trades: readTrades(result.trades),
    equity: readCurve(result.curve),
    data: readSources(result.data, series),
    trials: facts.trials,
    grid: null,
    walk: null,
    tookMs: result.tookMs,
    barsPerSecond: result.tookMs > 0 ? result.bars / (result.tookMs / 1_000) : 0,
  };
}

/** Reads metrics by their names. */
export function readMetrics(metrics: BacktestResult['metrics']): {
  readonly values: BacktestReport['metrics'];
  readonly definitions: BacktestReport['definitions'];
  readonly units: BacktestReport['units'];
  readonly undefinedBecause: BacktestReport['undefinedBecause'];
} {
  return {
    values: Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    definitions: Object.fromEntries(metrics.map(({ name, definition }) => [name, definition])),
    units: Object.fromEntries(metrics.map(({ name, unit }) => [name, unit])),
    undefinedBecause: Object.fromEntries(
      metrics.flatMap(({ name, absent }) => (absent === null ? [] : [[name, absent]])),
    ),
  };
}

/** Reads checks in the contract's words. */
export function readChecks(checks: BacktestResult['checks']): BacktestReport['checks'] {
  return checks.map(({ betrayedAtMs, ...check }) => ({ ...check, betrayedAt: betrayedAtMs }));
}

/** Reads how many orders were refused by each code. */
export function readDenials(denials: BacktestResult['denials']): BacktestReport['denials'] {
  return Object.fromEntries(denials.map(({ code, count }) => [code, count]));
}

/** Reads a curve of equity. */
export function readCurve({ atMs, equityMicros }: CurveColumns): BacktestReport['equity'] {
  return Array.from(atMs, (at, index) => ({ at, micros: equityMicros[index] ?? 0 }));
}

/** Says where the bars came from; `used` has one entry a series. */
export function readSources(
  used: readonly BacktestData[],
  series: readonly Series[],
): BacktestReport['data'] {
  return series.map(({ symbol, source, origin, report }, index) => ({
    symbol,
    source,
    origin,
    barsSha256: used[index]?.barsSha256 ?? '',
    bars: used[index]?.bars ?? 0,
    firstAt: used[index]?.firstAtMs ?? 0,
    lastAt: used[index]?.lastAtMs ?? 0,
    problems: report.problems,
  }));
}

function describeAgent(
  { id, strategy, params, symbols }: AgentOfBacktest,
  series: readonly Series[],
  { books }: BacktestResult,
): BacktestReport['agents'][number] {
  return {
    id,
    strategy,
    symbols: [...(symbols ?? series.map(({ symbol }) => symbol))],
    params: paramsInForce(strategy, params),
    books: books
      .filter(({ agentId }) => agentId === id)
      .map(({ symbol, initialMicros, realisedMicros, feesMicros, qtyNanos }) => ({
        symbol,
        initialMicros,
        pnlMicros: realisedMicros - feesMicros,
        feesMicros,
        qtyNanos,
      })),
  };
}

/** Lists what was assumed; agents, symbols and parameters have fields of their own. */
export function listSettings(setup: BacktestSetup): BacktestReport['setup'] {
  const { strategy: _strategy, agents: _agents, symbols: _symbols, params: _params, ...settings } = setup;
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? null]));
}

/** Reads the closed trades. */
export function readTrades(columns: TradeColumns): BacktestTrade[] {
  const at = (column: ArrayLike<number>, index: number): number => column[index] ?? 0;
  return Array.from(columns.entryAtMs, (entryAt, index) => ({
    agentId: columns.agentId[index] ?? '',
    symbol: columns.symbol[index] ?? '',
    side: at(columns.side, index) > 0 ? 'long' : 'short',
    qtyNanos: at(columns.qtyNanos, index),
    entryAt,
    entryTicks: at(columns.entryPriceTicks, index),
    exitAt: at(columns.exitAtMs, index),
    exitTicks: at(columns.exitPriceTicks, index),
    pnlMicros: at(columns.pnlMicros, index),
    returnPct: at(columns.returnPct, index),
    feesMicros: at(columns.feesMicros, index),
    slippageMicros: at(columns.slippageMicros, index),
    entryReason: columns.entryReason[index] ?? '',
    exitReason: columns.exitReason[index] ?? '',
  }));
}
