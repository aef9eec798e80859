// Names a choice of market: the account it belongs to, the label people read, and the file it is played from.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DeskError } from '../../contract/errors.ts';
import type { FillProfile, MarketChoice } from '../../contract/market.ts';
import { Symbol } from '../../contract/names.ts';

export type MarketDescription = { readonly id: string; readonly label: string } & (
  | { readonly source: 'simulator'; readonly seed: number; readonly fills: FillProfile }
  | { readonly source: 'replay'; readonly file: string; readonly symbol: string }
);

const fillWords: Record<FillProfile, string> = {
  'alpaca-paper': 'fills as an Alpaca paper account',
  realistic: 'realistic fills',
};

const SP500 = 'sp500';

/** Describes the market, and how orders fill in a simulated one: in a replay they fill at the file's prices. Throws MARKET_FILE_INVALID when its file is missing or names no symbol. */
export function describeMarket(choice: MarketChoice): MarketDescription {
  if (choice.source === 'simulator') {
    const { seed, fills = 'alpaca-paper' } = choice;
    const label = `Simulated market, seed ${seed}, ${fillWords[fills]}`;
    return { source: 'simulator', seed, fills, id: `simulator-${seed}`, label };
  }
  if (choice.file === SP500) {
    const file = findSp500File();
    const symbol = choice.symbol ?? 'SPX';
    return {
      source: 'replay',
      file,
      symbol,
      id: `replay-${SP500}`,
      label: `Replay of the S&P 500 from 2000 (${symbol})`,
    };
  }
  const file = resolve(choice.file);
  if (!existsSync(file)) {
    throw new DeskError(
      'MARKET_FILE_INVALID',
      `${file} does not exist. Give the path of a CSV file, or "${SP500}".`,
      { file },
    );
  }
  const symbol = choice.symbol ?? symbolOf(file);
  // Two files of one name are two markets.
  const place = createHash('sha256').update(file).digest('hex').slice(0, 8);
  return {
    source: 'replay',
    file,
    symbol,
    id: `replay-${symbol.toLowerCase().replace(/[^a-z0-9]/g, '')}-${place}`,
    label: `Replay of ${basename(file)} (${symbol})`,
  };
}

function findSp500File(): string {
  const remedy = 'Install the development dependencies, or give the path of a CSV file.';
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve('vega-datasets');
  } catch (cause) {
    throw new DeskError(
      'MARKET_FILE_INVALID',
      `The S&P 500 sample is not installed. ${remedy}`,
      {},
      { cause },
    );
  }
  const file = join(dirname(entry), '..', 'data', 'sp500-2000.csv');
  if (existsSync(file)) return file;
  throw new DeskError('MARKET_FILE_INVALID', `${file} does not exist. ${remedy}`, { file });
}

function symbolOf(file: string): string {
  const name = basename(file, extname(file))
    .toUpperCase()
    .replace(/[^A-Z0-9.^]/g, '')
    .slice(0, 12);
  const parsed = Symbol.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new DeskError(
    'MARKET_FILE_INVALID',
    `The name of ${file} gives no symbol. Name the symbol of the instrument.`,
    { file },
  );
}
