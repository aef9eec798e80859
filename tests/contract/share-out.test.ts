import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOut } from '../../electron/contract/share-out.ts';

test('gives what rounding leaves to the largest remainders, and among equals to the earlier one', () => {
  expect(shareOut(10, [1, 1, 1])).toEqual([4, 3, 3]);
  expect(shareOut(5, [1, 2])).toEqual([2, 3]);
  expect(shareOut(-10, [1, 1, 1])).toEqual([-4, -3, -3]);
});

const weights = fc.array(fc.integer({ min: 1, max: 2 ** 50 }), { minLength: 1, maxLength: 9 });

test('loses nothing, and no part is a whole unit off its proportion', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), weights, (amount, parts) => {
      const shares = shareOut(amount, parts);
      const total = parts.reduce((sum, part) => sum + BigInt(part), 0n);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
      for (const [index, share] of shares.entries()) {
        const off = BigInt(share) * total - BigInt(amount) * BigInt(parts[index] ?? 0);
        expect(off < total && off > -total).toBe(true);
      }
    }),
  );
});
