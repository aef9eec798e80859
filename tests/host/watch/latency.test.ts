import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLatency, type Latency } from '../../../electron/host/watch/latency.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { testClock } from '../../support/fleet-bench.ts';

function latency(): Latency {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 2, 12) });
  onTestFinished(() => void vi.useRealTimers());
  return createLatency(loadNative(), testClock);
}

function record(into: Latency, count: number, durationMs: number, failed = false): void {
  for (let index = 0; index < count; index += 1) into.record('exec', durationMs, failed);
}

describe('a summary', () => {
  test('of nothing has no numbers', () => {
    expect(latency().summary('exec', 3_600)).toEqual({
      n: 0,
      failed: 0,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      maxMs: null,
    });
  });

  test.each([
    [19, false, false],
    [20, true, false],
    [99, true, false],
    [100, true, true],
  ])('of %i samples shows P95: %s, P99: %s', (count, p95, p99) => {
    const measured = latency();
    record(measured, count, 10);
    const row = measured.summary('exec', 3_600);
    expect(row.n).toBe(count);
    expect(row.p50Ms).toBeCloseTo(10, 0);
    expect(row.maxMs).toBe(10);
    expect([row.p95Ms !== null, row.p99Ms !== null]).toEqual([p95, p99]);
  });

  test('is of the window only', () => {
    const measured = latency();
    record(measured, 30, 10);
    vi.advanceTimersByTime(120_000);
    record(measured, 1, 500);
    expect(measured.summary('exec', 60)).toMatchObject({ n: 1, maxMs: 500, p95Ms: null });
    expect(measured.summary('exec', 900).n).toBe(31);
  });

  test('is gone when the operation is forgotten', () => {
    const measured = latency();
    record(measured, 30, 10);
    measured.forget('exec');
    expect(measured.summary('exec', 3_600).n).toBe(0);
  });
});

describe('the board', () => {
  test('has the four promised operations with their targets', () => {
    const rows = latency().board(900);
    expect(rows.map((row) => [row.operation, row.targetMs, row.windowS, row.withinTarget])).toEqual([
      ['create', 5_000, 900, null],
      ['exec', 2_000, 900, null],
      ['status', 500, 900, null],
      ['deploy', 6_000, 900, null],
    ]);
  });

  test('counts an operation that failed as a sample, and never as within its target', () => {
    const measured = latency();
    record(measured, 2, 10);
    record(measured, 1, 2_500);
    record(measured, 1, 10, true);
    const row = measured.board(900).find(({ operation }) => operation === 'exec');
    expect(row).toMatchObject({ n: 4, failed: 1, withinTarget: 0.5 });
  });
});

describe('a measured call', () => {
  test('gives its value, and its duration as a sample', async () => {
    const measured = latency();
    const value = await measured.measure('exec', async () => {
      vi.advanceTimersByTime(40);
      return 'done';
    });
    expect(value).toBe('done');
    expect(measured.summary('exec', 60)).toMatchObject({ n: 1, failed: 0, maxMs: 40 });
  });

  test('that fails is a failed sample, and still fails', async () => {
    const measured = latency();
    const broken = measured.measure('exec', async () => {
      vi.advanceTimersByTime(7);
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(measured.summary('exec', 60)).toMatchObject({ n: 1, failed: 1, maxMs: 7 });
  });
});

test('a series has its buckets oldest first, and no percentile where nothing happened', () => {
  const measured = latency();
  record(measured, 3, 10);
  vi.advanceTimersByTime(600_000);
  record(measured, 2, 20);
  const points = measured.series('exec', 900, 15);
  expect(points).toHaveLength(15);
  expect(points.map((point) => point.at)).toEqual(points.map((point) => point.at).toSorted((a, b) => a - b));
  expect(points.reduce((sum, point) => sum + point.n, 0)).toBe(5);
  expect(points.at(-1)?.p50Ms).toBeCloseTo(20, 0);
  for (const point of points.filter(({ n }) => n === 0))
    expect([point.p50Ms, point.p95Ms, point.p99Ms]).toEqual([null, null, null]);
});
