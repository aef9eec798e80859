// What has been typed into the deploy sheet, and how it becomes the operation's input. Rules live in the contract.
import { z } from 'zod';
import type { DeskError } from '../../electron/contract/errors.ts';
import { deployableStrategies, type StrategyInfo } from '../../electron/contract/strategy-input.ts';
import { deploySwarm } from '../../electron/contract/deploy.ts';
import type { OperationInput } from '../bridge.ts';

type DeployInput = OperationInput<'swarm.deploy'>;

export interface DeployDraft {
  readonly strategy: StrategyInfo;
  readonly symbols: readonly string[];
  readonly count: string;
  readonly hours: string;
  /** Every parameter of the strategy, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly maxPosition: string;
  /** Null leaves the choice to the host: the cheapest that keeps two failure domains. */
  readonly perSandbox: number | null;
}

/** By field; a parameter's is "params." and its name. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The contract's own defaults, on symbols that the market has; null for a market that lists none and has them all. */
export function initialDraft(marketSymbols: readonly string[] | null): DeployDraft {
  const { shape } = deploySwarm.input;
  const [strategy] = deployableStrategies;
  if (!strategy) throw new Error('the catalogue has no strategy that can be deployed');
  const defaults = shape.symbols.parse(undefined);
  const known = marketSymbols ?? defaults;
  const listed = defaults.filter((symbol) => known.includes(symbol));
  return {
    ...choiceOf(strategy, listed.length > 0 ? listed : known.slice(0, 3), known),
    count: String(shape.count.parse(undefined)),
    hours: String(shape.hours.parse(undefined)),
    maxPosition: String(shape.maxPosition.parse(undefined)),
    perSandbox: null,
  };
}

/** The strategy with its default parameters, on as many of the symbols as it takes; the market's own fill up what it lacks. */
export function choiceOf(
  strategy: StrategyInfo,
  symbols: readonly string[],
  marketSymbols: readonly string[],
): Pick<DeployDraft, 'strategy' | 'symbols' | 'params'> {
  const kept = symbols.slice(0, strategy.mostSymbols);
  const others = marketSymbols.filter((symbol) => !kept.includes(symbol));
  return {
    strategy,
    symbols: [...kept, ...others.slice(0, Math.max(0, strategy.fewestSymbols - kept.length))],
    params: Object.fromEntries(strategy.params.map((param) => [param.name, String(param.default)])),
  };
}

export type ParsedDraft =
  | { readonly ok: true; readonly input: DeployInput; readonly key: string }
  | { readonly ok: false; readonly errors: FieldErrors };

const amount = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.replaceAll(',', '')));

/** Turns the draft into input, or says which field breaks which rule. */
export function parseDraft(draft: DeployDraft): ParsedDraft {
  const input = {
    agent: draft.strategy.id,
    symbols: [...draft.symbols],
    count: amount(draft.count),
    hours: amount(draft.hours),
    params: Object.fromEntries(Object.entries(draft.params).map(([name, text]) => [name, amount(text)])),
    maxPosition: amount(draft.maxPosition),
    ...(draft.perSandbox === null ? {} : { perSandbox: draft.perSandbox }),
  } satisfies DeployInput;
  const parsed = deploySwarm.input.safeParse(input);
  if (parsed.success) return { ok: true, input, key: JSON.stringify(input) };
  const issues = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  return { ok: false, errors: errorsAt(issues, (field, message) => rules[field] ?? message) };
}

/** Rules that the contract states in numbers alone. */
const rules: Readonly<Record<string, string>> = {
  count: 'must be a whole number, 1 to 100',
  hours: 'must be a number, 0.1 to 24',
  maxPosition: 'must be $100 to $1,000,000',
  perSandbox: 'must be a whole number, 1 to 25',
};

/** The first complaint about each field, as a sentence. */
function errorsAt(
  issues: readonly { readonly field: string; readonly message: string }[],
  words: (field: string, message: string) => string,
): FieldErrors {
  const errors: Record<string, string> = {};
  for (const issue of issues) {
    const [head = '', name] = issue.field.split('.');
    const field = head === 'params' && name !== undefined ? `params.${name}` : head;
    if (field !== '') errors[field] ??= sentence(words(field, issue.message));
  }
  return errors;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const IssueDetail = z.object({ issues: z.array(z.object({ field: z.string(), message: z.string() })) });

/** Puts a refusal of the host at the field that it names; empty when it belongs to none. */
export function errorsOfRefusal(error: DeskError): FieldErrors {
  if (error.code === 'UNKNOWN_SYMBOL') return { symbols: error.message };
  if (error.code !== 'INVALID_INPUT') return {};
  const detail = IssueDetail.safeParse(error.detail);
  return errorsAt(detail.data?.issues ?? [], (_field, message) => message);
}

/** The same deployment as a command line; parameters left at their defaults are left out. */
export function commandLine(draft: DeployDraft): string {
  const changed = draft.strategy.params.filter(
    (param) => amount(draft.params[param.name] ?? '') !== param.default,
  );
  const parts = [
    `neural-trader deploy --agent ${draft.strategy.id}`,
    `--symbols ${draft.symbols.join(',')}`,
    `--count ${draft.count.trim()}`,
    `--hours ${draft.hours.trim()}`,
    `--max-position ${draft.maxPosition.replaceAll(',', '').trim()}`,
    ...changed.map(({ name }) => `--param ${name}=${(draft.params[name] ?? '').replaceAll(',', '').trim()}`),
  ];
  if (draft.perSandbox !== null) parts.push(`--per-sandbox ${draft.perSandbox}`);
  return parts.join(' ');
}
