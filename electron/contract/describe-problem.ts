// What was found in a source of bars, in the same words on every surface.
import type { DataProblem } from './datasets.ts';

/** "rounded: 12 times, first at line 7: open is "1.07083"; rounded to 0.0001 USD". */
export function describeProblem({ kind, count, dropped, examples: [first] }: DataProblem): string {
  const where = first
    ? `, first at line ${first.line}: ${first.column} is "${first.value}"; ${first.rule}`
    : '';
  return `${kind}: ${times(count, 'time')}${dropped > 0 ? `, ${times(dropped, 'row')} left out` : ''}${where}`;
}

function times(amount: number, noun: string): string {
  return `${amount.toLocaleString('en')} ${noun}${amount === 1 ? '' : 's'}`;
}
