// Refuses bad input before anything is asked of the host: what was given, which rule it breaks, what to give instead.
import type { z } from 'zod';
import { DeskError } from '../../contract/errors.ts';
import { strategies } from '../../contract/names.ts';
import type { InputField } from './input-fields.ts';
import { nearestName } from '../../contract/nearest-name.ts';

type Issue = z.core.$ZodIssue;

/** Parses `input` by its schema. Fails with UNKNOWN_STRATEGY or INVALID_INPUT, one clause an issue. */
export function checkInput<S extends z.ZodType>(
  schema: S,
  fields: readonly InputField[],
  input: Readonly<Record<string, unknown>>,
): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const clauses = issues.map((issue) => explain(issue, fields, input));
  const unknownStrategy = issues.some(
    (issue) => namesStrategy(issue) && input[String(issue.path[0])] !== undefined,
  );
  throw new DeskError(
    unknownStrategy ? 'UNKNOWN_STRATEGY' : 'INVALID_INPUT',
    [...new Set(clauses)].join('. '),
  );
}

/** A list of choices that holds every strategy that can be deployed is a list of strategies. */
function namesStrategy(issue: Issue): boolean {
  return issue.code === 'invalid_value' && strategies.every((strategy) => issue.values.includes(strategy));
}

function explain(
  issue: Issue,
  fields: readonly InputField[],
  input: Readonly<Record<string, unknown>>,
): string {
  const [name, index] = issue.path;
  const field = fields.find((candidate) => candidate.name === name);
  if (!field) return issue.message;
  if (field.fromStdin) return `${field.flag}: what was read is not usable; ${remedy(field, issue)}`;
  if (field.kind === 'record' && typeof index === 'string') return `${field.flag} ${index}: ${issue.message}`;
  if (issue.path.length > 2 && typeof index === 'number')
    return `${field.flag}, number ${index + 1}: ${issue.message}`;
  const value = valueAt(input[field.name], index);
  if (value !== undefined) return `${field.flag}: ${show(value)} ${complaint(issue, value, field)}`;
  if (field.required) return `${field.flag} is missing; ${remedy(field, issue)}`;
  if (field.defaultText === null) return `${field.flag} is missing; ${issue.message}`;
  return `${field.flag}: ${field.defaultText} (the default) ${complaint(issue, value, field)}`;
}

/** One element of a list, also while it is still the text "AAPL,MSFT". */
function valueAt(value: unknown, index: PropertyKey | undefined): unknown {
  if (typeof index !== 'number') return value;
  if (Array.isArray(value)) return value[index];
  return typeof value === 'string' ? value.split(',')[index]?.trim() : value;
}

function complaint(issue: Issue, value: unknown, field: InputField): string {
  switch (issue.code) {
    case 'too_small':
      return `${tooLittle(issue.origin)}; ${remedy(field, issue)}`;
    case 'too_big':
      return `${tooMuch(issue.origin)}; ${remedy(field, issue)}`;
    case 'invalid_type':
      return `is not a ${typeof value === 'number' ? 'whole number' : field.kind === 'number' ? 'number' : field.kind}; ${remedy(field, issue)}`;
    case 'invalid_value':
    case 'invalid_union': {
      const meant = field.kind === 'number' ? null : nearestName(String(value), field.choices);
      return `is unknown; ${meant ? `did you mean ${meant}?` : remedy(field, issue)}`;
    }
    default:
      return `is refused; ${issue.message}`;
  }
}

function tooLittle(of: string): string {
  return of === 'string' ? 'is too short' : of === 'array' ? 'has too few entries' : 'is too small';
}

function tooMuch(of: string): string {
  return of === 'string' ? 'is too long' : of === 'array' ? 'has too many entries' : 'is too large';
}

function remedy(field: InputField, issue: Issue): string {
  if (field.rule) return field.rule;
  // A list's count has its rule in the description alone.
  return field.description
    ? `give ${field.description.charAt(0).toLowerCase()}${field.description.slice(1)}`
    : issue.message;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
