// What data is called where nobody says.
import { basename, extname } from 'node:path';
import type { z } from 'zod';
import { DatasetName } from '../../contract/datasets.ts';
import { DeskError } from '../../contract/errors.ts';
import { Symbol } from '../../contract/names.ts';

/** The file's name as a dataset's, for example my-prices of "My Prices.csv". Throws INVALID_INPUT when nothing is left of it. */
export function nameOf(file: string): string {
  const plain = stem(file)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  return derived(DatasetName, plain.replace(/^[^a-z0-9]+/, ''), 'name', file);
}

/** The file's name as an instrument's, for example GOOG of goog.csv. Throws INVALID_INPUT when it is none. */
export function symbolOf(file: string): string {
  return derived(Symbol, stem(file).toUpperCase(), 'symbol', file);
}

/** Joins words to a dataset's name: "alpaca-aapl-1day". */
export function seriesName(...words: readonly string[]): string {
  return words.map((word) => word.toLowerCase().replace(/[^a-z0-9._]+/g, '-')).join('-');
}

function stem(file: string): string {
  return basename(file, extname(file));
}

function derived(schema: z.ZodType<string>, text: string, field: string, file: string): string {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DeskError('INVALID_INPUT', `${field}: "${file}" gives none. Give one.`, { field, file });
}
