// What is typed into the limits and differs from those in force, checked as the host checks it.
import {
  limitAmount,
  type LimitName,
  limitNames,
  limitRefusal,
} from '../../electron/contract/limit-catalogue.ts';
import type { Limits } from '../../electron/contract/limits.ts';

/** Text by limit; a limit that is not touched is absent. */
export type LimitsDraft = Readonly<Partial<Record<LimitName, string>>>;

export interface CheckedDraft {
  /** Only what differs, as amounts. */
  readonly changes: Readonly<Partial<Record<LimitName, number>>>;
  readonly refusals: Readonly<Partial<Record<LimitName, string>>>;
}

/** The text of a limit: as typed, otherwise as in force. */
export function textOf(name: LimitName, draft: LimitsDraft, limits: Limits): string {
  return draft[name] ?? String(limitAmount(name, limits[name]));
}

/** Splits what was typed into changes and refusals. */
export function checkDraft(draft: LimitsDraft, limits: Limits): CheckedDraft {
  const changes: Partial<Record<LimitName, number>> = {};
  const refusals: Partial<Record<LimitName, string>> = {};
  for (const name of limitNames) {
    const text = draft[name]?.trim();
    if (text === undefined) continue;
    const amount = text === '' ? Number.NaN : Number(text.replaceAll(',', ''));
    const refusal = Number.isFinite(amount) ? limitRefusal(name, amount) : 'must be a number';
    if (refusal !== null) refusals[name] = refusal;
    else if (amount !== limitAmount(name, limits[name])) changes[name] = amount;
  }
  return { changes, refusals };
}
