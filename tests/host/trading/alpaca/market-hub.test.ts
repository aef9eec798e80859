import type { streaming } from '@alpacahq/alpaca-trade-api';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMarketHub } from '../../../../electron/host/trading/alpaca/market-hub.ts';
import { createQuotes } from '../../../../electron/host/trading/quotes.ts';
import { silent, testClock } from '../../../support/fleet-bench.ts';

/** A hub over an authenticated stream that tells nothing by itself; `calls` are what is asked of the stream. */
function openHub({ isOpen = true } = {}) {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 2, 15) });
  const calls: string[] = [];
  const stream = new Proxy(
    {},
    {
      get: (_, name) =>
        name === 'getState'
          ? () => 'authenticated'
          : (argument: unknown) =>
              void (Array.isArray(argument) || argument === undefined
                ? calls.push(`${String(name)} ${String(argument ?? '')}`.trim())
                : undefined),
    },
  ) as streaming.StockDataStream;
  const quotes = createQuotes(() => Date.now());
  const surroundings = { clock: testClock, log: silent, isMarketOpen: () => isOpen };
  const hub = createMarketHub(stream, quotes, () => undefined, surroundings);
  onTestFinished(() => {
    hub.close();
    vi.useRealTimers();
  });
  hub.follow(['AAPL', 'KO']);
  calls.length = 0;
  /** Seconds pass; the symbols are quoted in each of them. */
  async function pass(seconds: number, ...quoted: string[]): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      for (const symbol of quoted) quotes.setQuote(symbol, 999_900, 1_000_100);
      await vi.advanceTimersByTimeAsync(1_000);
    }
  }
  return { calls, pass };
}

describe('market data', () => {
  test('that comes is left alone', async () => {
    const { calls, pass } = openHub();
    await pass(120, 'AAPL', 'KO');
    expect(calls).toEqual([]);
  });

  test('of one symbol that went silent is asked for again, once in thirty seconds', async () => {
    const { calls, pass } = openHub();
    await pass(35, 'AAPL');
    expect(calls).toEqual(['unsubscribeFromQuotes KO', 'subscribeForQuotes KO']);
    await pass(30, 'AAPL');
    expect(calls).toHaveLength(4);
  });

  test('that went silent as a whole gets another connection', async () => {
    const { calls, pass } = openHub();
    await pass(20, 'AAPL', 'KO');
    await pass(32);
    expect(calls).toEqual(['disconnect', 'connect']);
  });

  test('is not missed while the market is closed', async () => {
    const { calls, pass } = openHub({ isOpen: false });
    await pass(120);
    expect(calls).toEqual([]);
  });
});
