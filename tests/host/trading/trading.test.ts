import { describe, expect, test, vi } from 'vitest';
import { createTradingBench, shares } from '../../support/trading-bench.ts';

describe('a connection', () => {
  test('that cannot read what must be known is given up whole', async () => {
    const bench = createTradingBench();
    bench.broker.reachable = false;
    await expect(bench.connect()).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(bench.broker.listener).toBeNull();
    expect(bench.trading.isConnected()).toBe(false);
    bench.broker.calls.length = 0;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(bench.broker.calls).toEqual([]);
  });

  test('that is closed while it is made does not go on polling', async () => {
    const bench = createTradingBench();
    const connected = bench.connect().catch((error: unknown) => error);
    bench.trading.disconnect();
    expect(await connected).toMatchObject({ code: 'CANCELLED' });
    bench.broker.calls.length = 0;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(bench.broker.calls).toEqual([]);
  });

  test('that is closed leaves no timer behind', async () => {
    const bench = createTradingBench();
    await bench.connect();
    bench.deploy('a');
    await bench.target('a', 'AAPL', 10);
    bench.broker.fill('nt-1', shares(4), 1_000_000, { told: false });
    const order = bench.broker.orders.get('nt-1');
    if (order) bench.broker.listener?.onOrder(order);
    bench.trading.disconnect();
    expect(vi.getTimerCount()).toBe(0);
    expect(bench.trading.marketClock()).toBeNull();
    expect(bench.trading.equityMicros()).toBeNull();
  });
});

test('names the symbols that cannot be traded, and what can', async () => {
  const bench = createTradingBench();
  expect(() => bench.trading.assertTradable(['AAPL'])).toThrow(
    expect.objectContaining({ code: 'BROKER_UNAVAILABLE' }),
  );
  await bench.connect();
  expect(() => bench.trading.assertTradable(['AAPL', 'KO'])).not.toThrow();
  expect(() => bench.trading.assertTradable(['AAPL', 'ZZZ'])).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_SYMBOL',
      message: 'ZZZ cannot be traded on this market; choose from AAPL, KO, TSLA.',
    }),
  );
});

test('what waited for the market is sent when it opens', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('a');
  bench.broker.isOpen = false;
  await bench.pass(1_000);
  await bench.target('a', 'AAPL', 10);
  expect(bench.broker.submitted).toEqual([]);
  bench.broker.isOpen = true;
  await bench.pass(1_050);
  expect(bench.broker.submitted).toMatchObject([{ side: 'buy', qtyNanos: shares(10) }]);
});

test('equity is polled, and fills are followed by a reading of the account', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('a');
  expect(bench.trading.equityMicros()).toBe(100_000_000_000);
  bench.broker.equityMicros = 99_000_000_000;
  await bench.pass(3_000);
  expect(bench.trading.equityMicros()).toBe(99_000_000_000);
  await bench.target('a', 'AAPL', 10);
  const before = bench.events('AccountRead').length;
  bench.broker.fill('nt-1', shares(10), 1_000_000);
  await bench.pass(510);
  expect(bench.events('AccountRead')).toHaveLength(before + 1);
});
