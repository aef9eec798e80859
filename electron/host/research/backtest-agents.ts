// Who trades in a backtest: one agent of the strategy, or the agents that were listed.
import type { BacktestSetup } from '../../contract/backtest-setup.ts';

export interface AgentOfBacktest {
  /** "momentum-2" is the second one of its strategy. */
  readonly id: string;
  readonly strategy: string;
  readonly params: Readonly<Record<string, number>>;
  /** All symbols of the backtest when left out. */
  readonly symbols?: readonly string[] | undefined;
}

type Named = Pick<BacktestSetup, 'strategy' | 'params' | 'agents'>;

/** Lists the agents in their order. */
export function agentsOf({ strategy, params, agents }: Named): AgentOfBacktest[] {
  const listed = agents ?? (strategy === undefined ? [] : [{ strategy, params }]);
  const counts = new Map<string, number>();
  return listed.map((agent) => {
    const number = (counts.get(agent.strategy) ?? 0) + 1;
    counts.set(agent.strategy, number);
    return { ...agent, id: `${agent.strategy}-${number}` };
  });
}

/** "momentum", or "momentum+mean-reversion" of a swarm. */
export function strategiesOf(setup: Named): string {
  return agentsOf(setup)
    .map(({ strategy }) => strategy)
    .join('+');
}

/** The symbols that a setup names, each once; undefined when it leaves them to the data. */
export function symbolsOf({
  symbols,
  agents,
}: Pick<BacktestSetup, 'symbols' | 'agents'>): readonly string[] | undefined {
  const named = [...(symbols ?? []), ...(agents ?? []).flatMap((agent) => agent.symbols ?? [])];
  return named.length === 0 ? undefined : [...new Set(named)];
}
