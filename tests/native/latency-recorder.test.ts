import { describe, expect, test } from 'vitest';
import { loadNative } from '../../electron/native/load.ts';

const { LatencyRecorder } = loadNative();
const now = 1_700_000_000_000;

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'nothing was thrown';
}

describe('latency recorder', () => {
  test('has no percentiles for what was never recorded', () => {
    const row = new LatencyRecorder().summary('create', 60, now);
    expect(row).toEqual({ n: 0, failed: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null });
  });

  test('sums up one operation apart from the others', () => {
    const recorder = new LatencyRecorder();
    for (let ms = 1; ms <= 100; ms += 1) recorder.record('create', ms / 10, now, ms > 90);
    recorder.record('exec', 5_000, now, false);
    const { p50Ms, p95Ms, p99Ms, ...counts } = recorder.summary('create', 3_600, now + 1_000);
    expect(counts).toEqual({ n: 100, failed: 10, maxMs: 10 });
    expect(p50Ms).toBeCloseTo(5, 2);
    expect(p95Ms).toBeCloseTo(9.5, 1);
    expect(p99Ms).toBeCloseTo(9.9, 1);
  });

  test('counts only what succeeded as within the target', () => {
    const recorder = new LatencyRecorder();
    for (const failed of [false, true, false]) recorder.record('exec', 10, now, failed);
    recorder.record('exec', 90, now, false);
    expect(recorder.within('exec', 60, 50, now)).toBe(2);
    expect(recorder.within('never', 60, 50, now)).toBe(0);
  });

  test('gives a series in even buckets with NaN where nothing was measured', () => {
    const recorder = new LatencyRecorder();
    recorder.record('status', 4, now - 50_000, false);
    recorder.record('status', 6, now, false);
    const series = recorder.series('status', 60, 6, now);
    expect([...series.startMs]).toEqual([60, 50, 40, 30, 20, 10].map((ago) => now - ago * 1_000));
    expect([...series.n]).toEqual([0, 1, 0, 0, 0, 1]);
    expect([...series.p95Ms].map(Number.isNaN)).toEqual([true, false, true, true, true, false]);
  });

  test('forgets an operation', () => {
    const recorder = new LatencyRecorder();
    recorder.record('decision/agent-1', 1, now, false);
    recorder.forget('decision/agent-1');
    expect(recorder.summary('decision/agent-1', 60, now).n).toBe(0);
  });

  test('refuses what no clock gives', () => {
    const recorder = new LatencyRecorder();
    expect(codeOf(() => recorder.record('exec', Number.NaN, now, false))).toBe('INVALID_INPUT');
    expect(codeOf(() => recorder.record('exec', -1, now, false))).toBe('INVALID_INPUT');
    expect(codeOf(() => recorder.record('exec', 1, Number.POSITIVE_INFINITY, false))).toBe('INVALID_INPUT');
    expect(codeOf(() => recorder.series('exec', 60, 0, now))).toBe('INVALID_INPUT');
    expect(recorder.summary('exec', 60, now).n).toBe(0);
  });
});
