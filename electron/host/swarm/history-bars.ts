// How much history a runner is warmed with.
import { findStrategy, paramsInForce } from '../../contract/strategy-input.ts';

interface Parametrised {
  readonly strategy: string;
  readonly params: Readonly<Record<string, number>>;
}

const fewestBars = 120;
const mostBars = 1_000;

/** Twice the longest that an agent's parameters count in bars, so that averages have settled; 120 to 1,000. */
export function historyBars(agents: readonly Parametrised[]): number {
  const longest = Math.max(0, ...agents.flatMap(countedInBars));
  return Math.min(mostBars, Math.max(fewestBars, 2 * longest));
}

function countedInBars({ strategy, params }: Parametrised): number[] {
  const values = paramsInForce(strategy, params);
  return (findStrategy(strategy)?.params ?? [])
    .filter((param) => param.unit === 'bars')
    .map((param) => values[param.name] ?? param.default);
}
