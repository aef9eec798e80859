// Words for what the strategy operations answer.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { describeStrategy, listStrategies } from '../../contract/strategies.ts';
import { table, type View } from './view.ts';

export function printStrategies({ strategies }: OutputOf<typeof listStrategies>, view: View): string {
  return table(
    strategies,
    [
      { title: 'strategy', cell: (strategy) => strategy.id },
      { title: 'symbols', cell: (strategy) => symbolRange(strategy) },
      { title: 'for', cell: (strategy) => purpose(strategy) },
      { title: 'source', cell: (strategy) => strategy.source },
    ],
    view,
    'No strategies.',
  );
}

export function printStrategy(strategy: OutputOf<typeof describeStrategy>, view: View): string {
  const params = table(
    strategy.params,
    [
      { title: 'parameter', cell: (param) => param.name },
      { title: 'default', cell: (param) => String(param.default), align: 'right' },
      { title: 'range', cell: (param) => `${param.min} to ${param.max}${param.whole ? ', whole' : ''}` },
      { title: 'unit', cell: (param) => param.unit },
      { title: 'meaning', cell: (param) => param.summary },
    ],
    view,
    'No parameters.',
  );
  const head = `${view.colors.bold(strategy.title)}  ${strategy.id}, ${symbolRange(strategy)} symbols, ${purpose(strategy)}`;
  return `${head}\n${strategy.summary}\nSource: ${strategy.source}\n\n${params}`;
}

function symbolRange(strategy: { readonly fewestSymbols: number; readonly mostSymbols: number }): string {
  return `${strategy.fewestSymbols} to ${strategy.mostSymbols}`;
}

function purpose({ deployable }: { readonly deployable: boolean }): string {
  return deployable ? 'deploy, backtest' : 'backtest only';
}
