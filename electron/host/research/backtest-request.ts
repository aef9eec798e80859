// What the operator assumes, in the exact units of the native backtester.
import { curvePoints, keptTrades } from '../../contract/backtest-report.ts';
import type { BacktestSetup } from '../../contract/backtest-setup.ts';
import { MICROS_PER_USD } from '../../contract/money.ts';
import type { BacktestRequest } from '../../native/load.ts';
import { agentsOf } from './backtest-agents.ts';
import type { Series } from './open-series.ts';

const dayMs = 86_400_000;
const gateTimesCash = 100;

/** Translates a setup for the series that were found. */
export function toRequest(
  setup: BacktestSetup,
  series: readonly Pick<Series, 'symbol' | 'path'>[],
): BacktestRequest {
  const gate = setup.cash * gateTimesCash;
  return {
    agents: agentsOf(setup).map(({ id, strategy, params, symbols }) => ({
      id,
      strategy,
      params,
      symbols: [...(symbols ?? [])],
      maxPositionMicros: setup.maxPosition === undefined ? null : micros(setup.maxPosition),
    })),
    series: series.map(({ symbol, path }) => ({ symbol, path })),
    fromMs: setup.start === undefined ? null : Date.parse(setup.start),
    toMs: setup.end === undefined ? null : Date.parse(setup.end) + dayMs,
    cashMicros: micros(setup.cash),
    commissionBps: setup.commissionBps,
    commissionPerShareMicros: micros(setup.commissionPerShare),
    halfSpreadBps: setup.spreadBps / 2,
    slippageBps: setup.slippageBps,
    impactBps: setup.impactBps,
    borrowBps: setup.borrowBps,
    fill: setup.fill,
    limitOffsetBps: setup.limitOffsetBps,
    atEnd: setup.atEnd,
    leveragePct: Math.round(setup.leverage * 100),
    orderNotionalMicros: micros(setup.gateOrder ?? gate),
    symbolPositionMicros: micros(setup.gatePosition ?? gate),
    curvePoints,
    keep: keptTrades,
    seed: setup.seed,
  };
}

function micros(usd: number): number {
  return Math.round(usd * MICROS_PER_USD);
}
