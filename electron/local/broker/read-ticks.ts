// Answers queries for past trades and quotes: walks symbols and time in pages.
import { z } from 'zod';
import { badRequest } from './broker-refusal.ts';
import { hasHistory, type HistoryQuery, parseWindow } from './history-query.ts';
import type { Numbered } from './market-tape.ts';

/** Where a page begins: at this entry of this symbol. */
const PageToken = z.object({ symbol: z.string(), number: z.int() });

export interface TickPage<T> {
  readonly ticks: Readonly<Record<string, readonly T[]>>;
  readonly nextPageToken: string | null;
}

export interface TickSource<T> {
  readonly nowMs: number;
  /** Oldest first; empty for a symbol that is unknown. */
  readonly of: (symbol: string) => readonly Numbered<T>[];
}

/** Reads one page for the symbols, which come in alphabetical order. Throws a 400 refusal. */
export function readTicks<T extends { readonly atMs: number }>(
  source: TickSource<T>,
  symbols: readonly string[],
  query: HistoryQuery,
): TickPage<T> {
  const { startMs, endMs } = parseWindow(query, source.nowMs);
  const from = query.page_token === undefined ? null : parsePageToken(query.page_token);
  const ticks: Record<string, T[]> = {};
  let room = query.limit;
  for (const symbol of hasHistory(query) ? [...new Set(symbols)].sort() : []) {
    if (from && symbol < from.symbol) continue;
    const found = source.of(symbol).filter(({ value }) => value.atMs >= startMs && value.atMs <= endMs);
    if (query.sort === 'desc') found.reverse();
    const first = from?.symbol === symbol ? found.findIndex(({ number }) => number === from.number) : 0;
    if (first < 0) throw badRequest(`page_token expired: ${query.page_token}; ask from the first page again`);
    const page = found.slice(first, first + room);
    if (page.length > 0) ticks[symbol] = page.map(({ value }) => value);
    const next = found[first + page.length];
    if (next) return { ticks, nextPageToken: writePageToken({ symbol, number: next.number }) };
    room -= page.length;
  }
  return { ticks, nextPageToken: null };
}

function writePageToken(token: z.infer<typeof PageToken>): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parsePageToken(token: string): z.infer<typeof PageToken> {
  try {
    return PageToken.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw badRequest(`invalid page_token: ${token}`);
  }
}
