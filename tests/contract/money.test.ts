import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDecimal, notionalMicros, parseDecimal } from '../../electron/contract/money.ts';

describe('notionalMicros', () => {
  test('values one share at its price', () => {
    expect(notionalMicros(1_000_000_000, 1_712_200)).toBe(171_220_000);
  });

  test('stays exact where a float product would not', () => {
    // 9,007 shares at $1,000.0001: ticks x nanos is far beyond 2^53.
    expect(notionalMicros(9_007_000_000_001, 10_000_001)).toBe(9_007_000_900_701);
  });

  test('is odd in the quantity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 1e8 }), (qty, price) => {
        expect(notionalMicros(-qty, price) + notionalMicros(qty, price)).toBe(0);
      }),
    );
  });
});

describe('decimals', () => {
  test('survive a round trip at every scale', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), fc.constantFrom(4, 6, 9), (scaled, digits) => {
        expect(parseDecimal(formatDecimal(scaled, digits), digits)).toBe(scaled);
      }),
    );
  });

  test.each(['', 'abc', '1e5', '1.2.3', 'NaN', 'Infinity', '0x10', ' '])('refuse %j', (text) => {
    expect(() => parseDecimal(text, 4)).toThrow(RangeError);
  });

  test('refuse digits that would be lost, and accept zeros', () => {
    expect(() => parseDecimal('1.00001', 4)).toThrow(/more than 4 decimals/);
    expect(parseDecimal('1.50000', 4)).toBe(15_000);
  });
});
