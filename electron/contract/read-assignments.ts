// The form in which a command line gives several named numbers at once.
import type { z } from 'zod';

/** Reads "fast=12,slow=26". Refuses in the context, at the name where there is one; `what` is named, for example "limit". */
export function readAssignments(
  text: string,
  what: string,
  context: z.RefinementCtx,
): Record<string, number> {
  const numbers = new Map<string, number>();
  const refuse = (message: string, path: string[] = []): void =>
    context.addIssue({ code: 'custom', message, path });
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', value = '', ...more] = part.split('=').map((side) => side.trim());
    const number = value === '' ? Number.NaN : Number(value);
    if (name === '' || more.length > 0 || !part.includes('=')) refuse(`write each ${what} as name=value`);
    else if (numbers.has(name)) refuse('was given twice; give it once', [name]);
    else if (!Number.isFinite(number)) refuse(`must be a number, not "${value}"`, [name]);
    else numbers.set(name, number);
  }
  return Object.fromEntries(numbers);
}
