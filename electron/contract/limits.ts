// The risk limits in force: one document, changed as a whole, and the operations that show and change it.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import {
  isLimitName,
  limitAmount,
  limitCatalogue,
  LimitName,
  limitNames,
  limitRefusal,
  LimitUnit,
  limitValue,
} from './limit-catalogue.ts';
import { Micros } from './money.ts';
import { Actor, EpochMs, Mode } from './names.ts';
import { nearestName } from './nearest-name.ts';
import { readAssignments } from './read-assignments.ts';

const LimitsDocument = z.record(LimitName, z.int());
/** Every limit in force, as integers: micro-dollars, billionths of a share, hundredths of a percent, milliseconds. */
export type Limits = Readonly<z.infer<typeof LimitsDocument>>;

/** The limits that hold before anybody has changed them. */
export const defaultLimits: Limits = limitsFrom((name) => limitValue(name, limitCatalogue[name].default));

function limitsFrom(value: (name: LimitName) => number): Limits {
  const entries = limitNames.map((name) => [name, value(name)] as const);
  return LimitsDocument.parse(Object.fromEntries(entries));
}

/** Replaces the limits that are named; names of other versions are skipped. */
export function withLimits(
  limits: Limits,
  changes: readonly { readonly name: string; readonly after: number }[],
): Limits {
  const after = new Map(changes.map((change) => [change.name, change.after]));
  return limitsFrom((name) => after.get(name) ?? limits[name]);
}

/** Numbers by limit as people write them, also as the text "order.notional=20000,agent.dailyLoss=500". */
const LimitChanges = z
  .preprocess(
    (given: string | Readonly<Record<string, number>>, context) =>
      typeof given === 'string' ? readAssignments(given, 'limit', context) : given,
    z.record(z.string(), z.number({ error: 'must be a number' })),
  )
  .superRefine((changes, context) => {
    const names = Object.keys(changes);
    if (names.length === 0) context.addIssue({ code: 'custom', message: 'name at least one limit' });
    for (const name of names) {
      const refusal = changeRefusal(name, changes[name] ?? Number.NaN);
      if (refusal !== null) context.addIssue({ code: 'custom', path: [name], message: refusal });
    }
  });

function changeRefusal(name: string, amount: number): string | null {
  if (isLimitName(name)) return limitRefusal(name, amount);
  const meant = nearestName(name, limitNames);
  return `there is no such limit; ${meant === null ? 'see limits for their names' : `did you mean ${meant}?`}`;
}

/** One limit that was changed, as integers in its own unit. Kept as text: a later version may not know the name. */
export const LimitChange = z.object({ name: z.string(), before: z.int(), after: z.int() });
export type LimitChange = z.infer<typeof LimitChange>;

const LimitRow = z.object({
  name: LimitName,
  unit: LimitUnit,
  /** As people write them. */
  value: z.number(),
  default: z.number(),
  min: z.number(),
  max: z.number(),
  summary: z.string(),
});

const LimitBoard = z.object({
  mode: Mode,
  limits: z.array(LimitRow),
  /** The last change; null when the limits are the defaults. */
  changed: z.object({ at: EpochMs, actor: Actor }).nullable(),
  /** Why the desk only reduces; null while nothing is breached. */
  breach: z.string().nullable(),
});

/** The limits that differ, from amounts as people write them. Names that are no limits must have been refused before. */
export function changedLimits(limits: Limits, amounts: Readonly<Record<string, number>>): LimitChange[] {
  return limitNames.flatMap((name) => {
    const amount = amounts[name];
    const after = amount === undefined ? limits[name] : limitValue(name, amount);
    return after === limits[name] ? [] : [{ name, before: limits[name], after }];
  });
}

/** What of the limits is shown beside a deployment and an account. */
export const ShownLimits = z.object({
  orderNotionalMicros: Micros,
  symbolPositionMicros: Micros,
  maxQuoteAgeMs: z.int(),
});

export function shownLimits(limits: Limits): z.output<typeof ShownLimits> {
  return {
    orderNotionalMicros: limits['order.notional'],
    symbolPositionMicros: limits['account.symbolPosition'],
    maxQuoteAgeMs: limits['order.quoteAge'],
  };
}

/** Lists the limits as people write them. */
export function limitRows(limits: Limits): z.output<typeof LimitRow>[] {
  return limitNames.map((name) => {
    const info = limitCatalogue[name];
    return { name, ...info, value: limitAmount(name, limits[name]) };
  });
}

export const showLimits = defineOperation({
  name: 'limits.show',
  summary: 'Show the risk limits of orders, agents, strategies and the account.',
  effect: 'reads',
  input: z.object({}),
  output: LimitBoard,
  errors: [],
  cli: { command: 'limits' },
});

export const setLimits = defineOperation({
  name: 'limits.set',
  summary: 'Change risk limits, all of those named or none; in force from the next order.',
  effect: 'writes',
  input: z.object({
    changes: LimitChanges.describe('Limit and its new value, name=value; can be repeated'),
    confirm: z
      .string()
      .trim()
      .max(64)
      .optional()
      .describe('The account number, repeated; needed for a LIVE account'),
  }),
  output: LimitBoard,
  errors: ['CONFIRMATION_REQUIRED', 'JOURNAL_FAILED'],
  cli: {
    command: 'limits-set',
    positional: ['changes'],
    examples: ['limits-set order.notional=20000 account.dailyLoss=2500', 'limits-set account.shorting=0'],
  },
});
