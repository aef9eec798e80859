// How much history a runner is warmed with, and what an agent is told that got less.
import type { Bar } from '../../contract/bar.ts';
import { findStrategy, paramsInForce } from '../../contract/strategy-input.ts';

interface Parametrised {
  readonly strategy: string;
  readonly params: Readonly<Record<string, number>>;
}

const fewestBars = 120;
/** More than this is read only where the first decision needs it. */
const settlingBars = 1_000;
/** A volatility needs so many returns before it is believed. */
const leastReturns = 20;

type Params = Readonly<Record<string, number>>;

const warmUps: Readonly<Record<string, (params: Params) => number>> = {
  momentum: ({ slow = 0, roc = 0, adxPeriod = 0, atrPeriod = 0 }) =>
    Math.max(slow, roc + 1, 2 * adxPeriod, atrPeriod + 1),
  'time-series-momentum': ({ lookback = 0 }) => Math.max(lookback, leastReturns) + 1,
  'cross-sectional-momentum': ({ formation = 0, skip = 0 }) => formation + skip + 1,
  'mean-reversion': ({ period = 0, gate = 0, gateWindow = 0 }) =>
    Math.max(period, leastReturns + 1, gate === 1 ? gateWindow : 0),
  pairs: ({ formation = 0 }) => formation,
  arbitrage: ({ window = 0 }) => window + 1,
  neural: () => leastReturns + 1,
  'sma-cross': ({ slow = 0 }) => slow,
};

/** Bars of each symbol that an agent has seen when it first decides; that one is the last of them. */
export function warmUpBars({ strategy, params }: Parametrised): number {
  return warmUps[strategy]?.(paramsInForce(strategy, params)) ?? 0;
}

/** All that the first decision needs; beyond that twice the longest that the parameters count in bars, so that averages settle, 120 to 1,000. */
export function historyBars(agents: readonly Parametrised[]): number {
  const longest = Math.max(0, ...agents.flatMap(countedInBars));
  const settled = Math.min(settlingBars, Math.max(fewestBars, 2 * longest));
  return Math.max(settled, ...agents.map(historyNeeded));
}

/** Why an agent runs: with its history, or with how much of it the market does not have. */
export function historyWords(
  agent: Parametrised & { readonly symbols: readonly string[] },
  history: readonly Bar[],
): string {
  const needed = historyNeeded(agent);
  const seen = Math.min(
    ...agent.symbols.map((symbol) => history.filter((bar) => bar.symbol === symbol).length),
  );
  if (seen >= needed) return 'history taken in';
  return `the market has ${seen} of the ${needed} bars that it needs; it decides after ${needed - seen} more`;
}

/** The next bar is decided on. A neural agent trades once its forecasts have been judged. */
function historyNeeded(agent: Parametrised): number {
  const judged =
    agent.strategy === 'neural' ? (paramsInForce(agent.strategy, agent.params)['judged'] ?? 0) : 0;
  return warmUpBars(agent) + judged;
}

function countedInBars({ strategy, params }: Parametrised): number[] {
  const values = paramsInForce(strategy, params);
  return (findStrategy(strategy)?.params ?? [])
    .filter((param) => param.unit === 'bars')
    .map((param) => values[param.name] ?? param.default);
}
