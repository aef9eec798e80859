import { describe, expect, test } from 'vitest';
import * as format from '../../renderer/format.ts';
import { timeOfDay, timeWithZone } from '../../renderer/format-time.ts';

describe('money', () => {
  test('shows totals in cents', () => {
    expect(format.money(1_284_120_000)).toBe('$1,284.12');
  });

  test('shows small infrastructure cost with four decimals and zero as zero', () => {
    expect(format.infraCost(18_150)).toBe('$0.0182');
    expect(format.infraCost(1_380_000)).toBe('$1.38');
    expect(format.infraCost(0)).toBe('$0.00');
  });

  test('signs PnL with a true minus, except zero', () => {
    expect(format.pnl(84_120_000)).toBe('+$84.12');
    expect(format.pnl(-4_610_000)).toBe('−$4.61');
    expect(format.pnl(0)).toBe('$0.00');
    expect(format.pnl(-1_000)).toBe('$0.00');
  });

  test('shows rates with four decimals', () => {
    expect(format.perHour(186_700)).toBe('$0.1867/h');
  });

  test('shows prices with two to four decimals', () => {
    expect(format.priceOf(1_712_200)).toBe('$171.22');
    expect(format.priceOf(12_345)).toBe('$1.2345');
  });

  test('tells unknown from zero', () => {
    expect([format.money(null), format.pnl(undefined), format.count(Number.NaN)]).toEqual(['–', '–', '–']);
  });
});

describe('quantities', () => {
  test('keeps every decimal of a share and signs positions', () => {
    expect(format.quantity(1_500_000_001)).toBe('1.500000001');
    expect(format.signedQuantity(-12_000_000_000)).toBe('−12');
    expect(format.signedQuantity(14_000_000_000)).toBe('+14');
  });

  test('counts nouns', () => {
    expect(format.counted(1, 'agent')).toBe('1 agent');
    expect(format.counted(1_200, 'sandbox', 'sandboxes')).toBe('1,200 sandboxes');
  });
});

describe('latency', () => {
  test('is in milliseconds up to 9,999 and in seconds above', () => {
    expect(format.latency(2.44)).toBe('2.4 ms');
    expect(format.latency(3_980.2)).toBe('3,980 ms');
    expect(format.latency(9_999)).toBe('9,999 ms');
    expect(format.latency(12_400)).toBe('12.4 s');
  });

  test('needs 20 samples for a P95 and 100 for a P99', () => {
    expect(format.percentile(4_310, 19, 'p95')).toBe('n/a (n=19)');
    expect(format.percentile(4_310, 20, 'p95')).toBe('4,310');
    expect(format.percentile(5_020, 99, 'p99')).toBe('n/a (n=99)');
    expect(format.percentile(5_020, 100, 'p99')).toBe('5,020');
    expect(format.percentile(2_290, 1, 'p50')).toBe('2,290');
  });

  test('says n/m when nothing was measured', () => {
    expect(format.percentile(null, 0, 'p95')).toBe('n/m');
  });
});

describe('spans', () => {
  test.each([
    [8_400, '8s'],
    [600_000, '10m'],
    [725_000, '12m 5s'],
    [8_040_000, '2h 14m'],
    [-5, '0s'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(format.duration(ms)).toBe(text);
  });

  test('shows young ages with tenths', () => {
    expect(format.age(412)).toBe('0.4s');
    expect(format.age(9_960)).toBe('9s');
    expect(format.age(null)).toBe('–');
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 2, 2, 14, 11, 2);

  test('are 24 hours, in the zone asked for', () => {
    expect(timeOfDay(at, 'UTC')).toBe('14:11:02');
    expect(timeOfDay(at, 'America/New_York')).toBe('09:11:02');
  });

  test('carry their zone where nothing else names it', () => {
    expect(timeWithZone(at, 'UTC')).toBe('14:11:02 UTC');
  });
});

test('shares are percent with one decimal', () => {
  expect(format.percent(0.2044)).toBe('20.4 %');
  expect(format.percent(-0.092)).toBe('−9.2 %');
});
