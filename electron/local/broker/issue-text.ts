// Says in a sentence what is wrong with a request that could not be parsed.
import type { ZodError } from 'zod';

/** Names the first field that is missing or wrong. */
export function issueText(error: ZodError, input: unknown): string {
  const [issue] = error.issues;
  const path = issue?.path.map(String) ?? [];
  if (path.length === 0) return 'request body format is invalid';
  const field = path.join('.');
  const sent = path.reduce<unknown>(valueAt, input);
  return sent == null || sent === '' ? `${field} is required` : `invalid ${field}`;
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
