// Symbols as people give them: a list, or one line with commas.
import { z } from 'zod';
import { Symbol } from './names.ts';

/** One to `most` symbols; a line is read in any case. */
export function symbolList(most: number) {
  return z
    .union([
      z.array(Symbol),
      z.string().transform((text) => text.split(',').map((part) => part.trim().toUpperCase())),
    ])
    .pipe(z.array(Symbol).min(1).max(most))
    .describe(`Comma-separated symbols, 1 to ${most}`);
}
