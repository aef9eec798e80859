import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExchangeStep } from '../../../electron/local/broker/exchange.ts';
import { nextMarketMs, type Pace, startMarketPacer } from '../../../electron/local/broker/market-pacer.ts';
import { native } from './broker-bench.ts';

const sp500 = new URL('../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url).pathname;

describe('a simulated market', () => {
  const open = { nowMs: 1_000_000, isOpen: true, nextOpenMs: 9_000_000, nextCloseMs: 2_000_000 };
  const closed = { ...open, isOpen: false };

  test('runs at its speed while open', () => {
    expect(nextMarketMs(open, 60, 250, 0)).toBe(1_015_000);
  });

  test('stops at the close, so that the close is seen', () => {
    expect(nextMarketMs(open, 600, 5_000, 0)).toBe(2_000_000);
  });

  test('stays closed for a while and then jumps to the open', () => {
    expect(nextMarketMs(closed, 60, 250, 4_999)).toBe(1_015_000);
    expect(nextMarketMs(closed, 60, 250, 5_000)).toBe(9_000_000);
  });
});

describe('against wall time', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function run(exchange: Parameters<typeof startMarketPacer>[0]['exchange'], pace: Pace) {
    const steps: ExchangeStep[] = [];
    const failures: unknown[] = [];
    const stop = startMarketPacer({
      exchange,
      pace,
      clock: { now: Date.now },
      onStep: (step) => steps.push(step),
      isAwaited: () => false,
      onFailure: (error) => failures.push(error),
    });
    return { steps, failures, stop };
  }

  test('a simulated market gains speed x wall time', () => {
    const exchange = native.DemoExchange.simulated(1, null, 'alpaca-paper');
    const before = exchange.clock().nowMs;
    const { stop } = run(exchange, { source: 'simulator', speed: 60 });
    vi.advanceTimersByTime(10_000);
    stop();
    expect(exchange.clock().nowMs - before).toBe(600_000);
  });

  test('a simulated market is seen closed once a night and opens again', () => {
    const exchange = native.DemoExchange.simulated(1, null, 'alpaca-paper');
    const { nextCloseMs, nextOpenMs } = exchange.clock();
    const { steps, stop } = run(exchange, { source: 'simulator', speed: 600 });
    vi.advanceTimersByTime(60_000);
    stop();
    const shut = steps.filter((step) => !step.isOpen);
    expect(shut[0]?.nowMs).toBe(nextCloseMs);
    expect(shut.length).toBeGreaterThanOrEqual(20);
    expect(steps.find((step) => step.isOpen && step.nowMs > Number(nextCloseMs))?.nowMs).toBe(nextOpenMs);
  });

  test('a replay plays its bars on time, without drift, in order', () => {
    const exchange = native.DemoExchange.replay(sp500, 'SPX');
    const { steps, stop } = run(exchange, { source: 'replay', barsPerSecond: 30 });
    vi.advanceTimersByTime(10_000);
    stop();
    expect(steps).toHaveLength(300);
    const starts = steps.flatMap((step) => step.bars.map((bar) => bar.atMs));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(new Set(starts).size).toBe(300);
  });

  test('a replay ends with its file', () => {
    const exchange = native.DemoExchange.replay(sp500, 'SPX');
    const { steps, failures } = run(exchange, { source: 'replay', barsPerSecond: 200 });
    vi.advanceTimersByTime(60_000);
    expect(failures).toEqual([]);
    expect(steps.at(-1)).toMatchObject({ isOpen: false, bars: [{ closeTicks: 28_745_601 }] });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the market stands still after a step that could not be taken in', () => {
    const failures: unknown[] = [];
    startMarketPacer({
      exchange: native.DemoExchange.simulated(1, null, 'alpaca-paper'),
      pace: { source: 'simulator', speed: 60 },
      clock: { now: Date.now },
      onStep: () => {
        throw new Error('disk full');
      },
      isAwaited: () => false,
      onFailure: (error) => failures.push(error),
    });
    vi.advanceTimersByTime(5_000);
    expect(failures).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
