// What has been typed into the deploy sheet, and how it becomes the operation's input. Rules live in the contract.
import { z } from 'zod';
import type { DeskError } from '../../electron/contract/errors.ts';
import { deploySwarm } from '../../electron/contract/swarm.ts';
import type { OperationInput } from '../bridge.ts';

type DeployInput = OperationInput<'swarm.deploy'>;

export interface DeployDraft {
  readonly symbols: readonly string[];
  readonly count: string;
  readonly hours: string;
  readonly fast: string;
  readonly slow: string;
  readonly maxPosition: string;
  /** Null leaves the choice to the host: the cheapest that keeps two failure domains. */
  readonly perSandbox: number | null;
}

type DraftField = keyof DeployDraft;
export type FieldErrors = Partial<Record<DraftField, string>>;

/** The contract's own defaults, on symbols that the market has. */
export function initialDraft(marketSymbols: readonly string[]): DeployDraft {
  const defaults = deploySwarm.input.parse({ agent: 'momentum' });
  const listed = defaults.symbols.filter((symbol) => marketSymbols.includes(symbol));
  return {
    symbols: listed.length > 0 ? listed : marketSymbols.slice(0, 3),
    count: String(defaults.count),
    hours: String(defaults.hours),
    fast: String(defaults.fast),
    slow: String(defaults.slow),
    maxPosition: String(defaults.maxPosition),
    perSandbox: null,
  };
}

export type ParsedDraft =
  | { readonly ok: true; readonly input: DeployInput; readonly key: string }
  | { readonly ok: false; readonly errors: FieldErrors };

const amount = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.replaceAll(',', '')));

/** Turns the draft into input, or says which field breaks which rule. */
export function parseDraft(draft: DeployDraft): ParsedDraft {
  const input = {
    agent: 'momentum',
    symbols: [...draft.symbols],
    count: amount(draft.count),
    hours: amount(draft.hours),
    fast: amount(draft.fast),
    slow: amount(draft.slow),
    maxPosition: amount(draft.maxPosition),
    ...(draft.perSandbox === null ? {} : { perSandbox: draft.perSandbox }),
  } satisfies DeployInput;
  const parsed = deploySwarm.input.safeParse(input);
  if (parsed.success) return { ok: true, input, key: JSON.stringify(input) };
  return {
    ok: false,
    errors: fieldErrors(
      parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
    ),
  };
}

const rules: Readonly<Record<DraftField, string>> = {
  symbols: '1 to 16 symbols',
  count: 'a whole number, 1 to 100',
  hours: 'a number, 0.1 to 24',
  fast: 'a whole number, 2 to 200',
  slow: 'a whole number, more than fast, to 400',
  maxPosition: '$100 to $1,000,000',
  perSandbox: 'a whole number, 1 to 25',
};

const draftFields = new Set<string>(Object.keys(rules));
const isDraftField = (name: string): name is DraftField => draftFields.has(name);

function fieldErrors(issues: readonly { readonly field: string; readonly message: string }[]): FieldErrors {
  const errors: FieldErrors = {};
  for (const issue of issues) {
    const [field = ''] = issue.field.split('.');
    if (isDraftField(field)) errors[field] ??= `Must be ${rules[field]}`;
  }
  return errors;
}

const IssueDetail = z.object({ issues: z.array(z.object({ field: z.string(), message: z.string() })) });

/** Puts a refusal of the host at the field that it names; empty when it belongs to none. */
export function errorsOfRefusal(error: DeskError): FieldErrors {
  if (error.code === 'UNKNOWN_SYMBOL') return { symbols: error.message };
  if (error.code !== 'INVALID_INPUT') return {};
  const detail = IssueDetail.safeParse(error.detail);
  const errors: FieldErrors = {};
  for (const issue of detail.data?.issues ?? []) {
    const [field = ''] = issue.field.split('.');
    if (isDraftField(field)) errors[field] ??= issue.message;
  }
  return errors;
}

/** The same deployment as a command line. */
export function commandLine(draft: DeployDraft): string {
  const parts = [
    'neural-trader deploy --agent momentum',
    `--symbols ${draft.symbols.join(',')}`,
    `--count ${draft.count.trim()}`,
    `--hours ${draft.hours.trim()}`,
    `--fast ${draft.fast.trim()} --slow ${draft.slow.trim()}`,
    `--max-position ${draft.maxPosition.replaceAll(',', '').trim()}`,
  ];
  if (draft.perSandbox !== null) parts.push(`--per-sandbox ${draft.perSandbox}`);
  return parts.join(' ');
}
