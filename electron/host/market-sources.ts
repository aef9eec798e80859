// The demo markets on offer.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DeskError } from '../contract/errors.ts';
import { MarketChoice, type chooseMarket, type listMarkets } from '../contract/market.ts';
import type { OutputOf, ParsedInputOf } from '../contract/define-operation.ts';

/** Lists what can be chosen; the S&P 500 sample comes with a development package and may be missing. */
export function marketSources(current: MarketChoice): OutputOf<typeof listMarkets> {
  const hasSample = sampleFile() !== null;
  return {
    current,
    sources: [
      {
        id: 'simulator',
        label: 'Simulator',
        available: true,
        detail: 'Ten correlated symbols with sessions, spread and volume; seeded.',
      },
      {
        id: 'sp500',
        label: 'Replay of the S&P 500',
        available: hasSample,
        detail: hasSample
          ? 'Daily bars 2000-01-03 to 2020-04-17.'
          : 'Needs the npm package vega-datasets; it is not part of packaged builds.',
      },
      {
        id: 'csv',
        label: 'Replay of a CSV file',
        available: true,
        detail: 'Columns date, open, high, low, close, volume.',
      },
    ],
  };
}

/** Path of the S&P 500 sample; null where its package is missing. It exports its entry only; the data lies beside that. */
export function sampleFile(): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve('vega-datasets');
    const file = join(dirname(entry), '..', 'data', 'sp500-2000.csv');
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/** Reads a choice from the operation's flat input. Throws INVALID_INPUT naming the field that does not belong. */
export function toMarketChoice(input: ParsedInputOf<typeof chooseMarket>): MarketChoice {
  const { source, file, symbol, barsPerSecond, speed, seed, fills } = input;
  const fields =
    source === 'replay' ? { source, file, symbol, barsPerSecond } : { source, seed, speed, fills };
  const foreign = source === 'replay' ? { speed, seed, fills } : { file, symbol, barsPerSecond };
  const [misplaced] = Object.entries(foreign).filter(([, value]) => value !== undefined);
  if (misplaced) {
    throw new DeskError(
      'INVALID_INPUT',
      `${misplaced[0]}: does not apply to the ${source}. Leave it out or choose the other source.`,
      { field: misplaced[0] },
    );
  }
  return MarketChoice.parse(
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  );
}
