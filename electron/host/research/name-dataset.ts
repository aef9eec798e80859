// What data is called where nobody says.
import { basename, extname } from 'node:path';
import { DatasetName } from '../../contract/datasets.ts';
import { DeskError } from '../../contract/errors.ts';
import { Symbol } from '../../contract/names.ts';

/** The file's name as a dataset's, for example my-prices of "My Prices.csv". Throws INVALID_INPUT when nothing is left of it. */
export function nameOf(file: string): string {
  const plain = stem(file)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  const name = DatasetName.safeParse(plain.replace(/^[^a-z0-9]+/, ''));
  if (name.success) return name.data;
  throw new DeskError(
    'INVALID_INPUT',
    `name: "${basename(file)}" gives none; give one, for example goog-daily.`,
    { field: 'name', file },
  );
}

/** The file's name as an instrument's, for example GOOG of goog.csv. Throws INVALID_INPUT when it is none. */
export function symbolOf(file: string): string {
  const symbol = Symbol.safeParse(stem(file).toUpperCase());
  if (symbol.success) return symbol.data;
  throw new DeskError(
    'INVALID_INPUT',
    `symbol: "${basename(file)}" is not named after one; give its symbol, for example AAPL, or rename the file.`,
    { field: 'symbol', file },
  );
}

/** Joins words to a dataset's name: "alpaca-aapl-1day". */
export function seriesName(...words: readonly string[]): string {
  return words.map((word) => word.toLowerCase().replace(/[^a-z0-9._]+/g, '-')).join('-');
}

function stem(file: string): string {
  return basename(file, extname(file));
}
