// Alpaca names assets by UUID; here the id follows from the symbol, so it is the same after every start.
import { createHash } from 'node:crypto';

/** Worked out before: every order that is written carries one. */
const known = new Map<string, string>();

/** Derives the asset's UUID (version 8) from its symbol. */
export function assetId(symbol: string): string {
  const id = known.get(symbol) ?? deriveId(symbol);
  known.set(symbol, id);
  return id;
}

function deriveId(symbol: string): string {
  const hex = createHash('sha256').update(`demo-asset:${symbol}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
