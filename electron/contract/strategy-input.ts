// What a deployment may say of its strategy: name, symbols, parameters. Ranges come from the catalogue; rules across
// parameters are known to the native code alone, which the host asks.
import { z } from 'zod';
import { StrategyId } from './names.ts';
import { nearestName } from './nearest-name.ts';
import { readAssignments } from './read-assignments.ts';
import { strategyCatalogue } from './strategy-catalogue.ts';

export interface StrategyParam {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Only whole numbers are allowed. */
  readonly whole: boolean;
  readonly unit: string;
  readonly summary: string;
}

export interface StrategyInfo {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Where its rules were published. */
  readonly source: string;
  readonly fewestSymbols: number;
  readonly mostSymbols: number;
  /** False for the one that only checks the backtester. */
  readonly deployable: boolean;
  readonly params: readonly StrategyParam[];
}

const catalogue: readonly StrategyInfo[] = strategyCatalogue;
export const deployableStrategies = catalogue.filter((strategy) => strategy.deployable);

/** Finds a strategy by its id. */
export function findStrategy(id: string): StrategyInfo | undefined {
  return catalogue.find((strategy) => strategy.id === id);
}

/** "Mean_Reversion" becomes "mean-reversion". */
export function strategyName(text: string): string {
  return text.trim().toLowerCase().replaceAll('_', '-');
}

/** A strategy to deploy; also in capitals and with underscores. */
export const StrategyName = z.preprocess(
  (given: string) => (typeof given === 'string' ? strategyName(given) : given),
  StrategyId,
);

/** Numbers by parameter, also as the text "fast=12,slow=26". */
export const StrategyParams = z.preprocess(
  (given: string | Readonly<Record<string, number>>, context) =>
    typeof given === 'string' ? readAssignments(given, 'parameter', context) : given,
  z.record(z.string(), z.number({ error: 'must be a number' })),
);

export interface StrategyChoice {
  readonly agent: StrategyId;
  readonly symbols: readonly string[];
  readonly params: Readonly<Record<string, number>>;
}

/** Refuses symbols and parameters that the strategy does not take, each at its own field. */
export function checkStrategyChoice(
  { agent, symbols, params }: StrategyChoice,
  context: z.RefinementCtx,
): void {
  const strategy = findStrategy(agent);
  if (!strategy) return;
  const refuse = (path: (string | number)[], message: string | null): void => {
    if (message !== null) context.addIssue({ code: 'custom', path, message });
  };
  refuse(['symbols'], symbolCountRefusal(strategy, symbols.length));
  for (const [index, symbol] of symbols.entries())
    if (symbols.indexOf(symbol) < index) refuse(['symbols', index], 'name each symbol once');
  checkStrategyParams(agent, params, ['params'], context);
}

/** Refuses parameters that the strategy does not take, each at its own name under `path`. */
export function checkStrategyParams(
  id: string,
  params: Readonly<Record<string, number>>,
  path: readonly (string | number)[],
  context: z.RefinementCtx,
): void {
  const strategy = findStrategy(id);
  if (!strategy) return;
  for (const [name, value] of Object.entries(params)) {
    const message = paramRefusal(strategy, name, value);
    if (message !== null) context.addIssue({ code: 'custom', path: [...path, name], message });
  }
}

function symbolCountRefusal(strategy: StrategyInfo, given: number): string | null {
  const { fewestSymbols, mostSymbols } = strategy;
  if (given >= fewestSymbols && given <= mostSymbols) return null;
  return `${strategy.id} takes ${symbolRange(strategy)}, not ${given}`;
}

/** "1 to 16 symbols", "2 symbols". */
export function symbolRange({ fewestSymbols, mostSymbols }: StrategyInfo): string {
  const range = fewestSymbols === mostSymbols ? `${mostSymbols}` : `${fewestSymbols} to ${mostSymbols}`;
  return `${range} symbol${mostSymbols === 1 ? '' : 's'}`;
}

function paramRefusal({ id, params }: StrategyInfo, name: string, value: number): string | null {
  const param = params.find((each) => each.name === name);
  if (param) return isAllowed(param, value) ? null : `must be ${paramRule(param)}, not ${value}`;
  const names = params.map((each) => each.name);
  const meant = nearestName(name, names);
  const remedy = meant === null ? `it has ${names.join(', ') || 'none'}` : `did you mean ${meant}?`;
  return `${id} has no such parameter; ${remedy}`;
}

function isAllowed({ min, max, whole }: StrategyParam, value: number): boolean {
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}

/** "a whole number from 2 to 200 bars". */
function paramRule({ min, max, whole, unit }: StrategyParam): string {
  return `${whole ? 'a whole number' : 'a number'} from ${min} to ${max} ${unit}`.trim();
}

/** Every parameter of the strategy: as given, otherwise its default. */
export function paramsInForce(id: string, given: Readonly<Record<string, number>>): Record<string, number> {
  const params = findStrategy(id)?.params ?? [];
  return Object.fromEntries(params.map(({ name, default: usual }) => [name, given[name] ?? usual]));
}
