// Historical bars, page by page. The client waits and repeats when the service says that there were too many requests.
import type { Alpaca } from '@alpacahq/alpaca-trade-api';
import type { Bar } from '../../../contract/bar.ts';
import { toBar } from './alpaca-values.ts';
import type { HistoryRequest } from '../broker.ts';

/** The most that the service gives at once. */
export const pageBars = 10_000;

/** Reads the bars of one symbol, adjusted for splits, oldest first. Rejects as the client does, or with the signal's reason. */
export async function* barHistory(
  client: Alpaca,
  { symbol, timeframe, startMs, endMs }: HistoryRequest,
  signal: AbortSignal,
): AsyncGenerator<Bar[]> {
  let pageToken: string | undefined;
  do {
    signal.throwIfAborted();
    const page = await client.marketData.stocks.stockBars(
      {
        symbols: symbol,
        timeframe,
        start: new Date(startMs),
        end: new Date(endMs - 1),
        limit: pageBars,
        adjustment: 'split',
        sort: 'asc',
        ...(pageToken === undefined ? {} : { pageToken }),
      },
      { signal },
    );
    const bars = page.bars[symbol] ?? [];
    if (bars.length > 0) yield bars.map((bar) => toBar(symbol, bar));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
}
