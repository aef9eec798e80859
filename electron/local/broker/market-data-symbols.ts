// The symbols that a question about market data names.
import { z } from 'zod';
import { BrokerRefusal } from './broker-refusal.ts';
import type { MarketView } from './market-view.ts';

const SymbolsQuery = z.object({ symbols: z.string().min(1) });
const SymbolParams = z.object({ symbol: z.string() });

/** Reads the list of a query; what it names may be unknown. */
export function splitSymbols(query: unknown): string[] {
  return SymbolsQuery.parse(query)
    .symbols.split(',')
    .map((symbol) => symbol.trim());
}

/** Reads the one symbol of a path; throws a 400 refusal for one that is not listed. */
export function listedSymbol(view: MarketView, params: unknown): string {
  const { symbol } = SymbolParams.parse(params);
  if (!view.find(symbol)) throw new BrokerRefusal(400, null, `invalid symbol: ${symbol}`);
  return symbol;
}
