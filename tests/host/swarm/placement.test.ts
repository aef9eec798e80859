import fc from 'fast-check';
import { expect, test } from 'vitest';
import { e2bListCard } from '../../../electron/host/spend/rate-card.ts';
import { cheapestDensity, dealOut, placements } from '../../../electron/host/swarm/placement.ts';

const size = { cpuCount: 2, memoryMb: 512 };

test.each([
  [1, 1],
  [3, 3],
  [10, 5],
  [100, 10],
])('%d agents share sandboxes %d at a time', (count, density) => {
  expect(cheapestDensity(count)).toBe(density);
});

test('the price of ten agents falls with packing', () => {
  const options = placements(10, undefined, 8, e2bListCard, size);
  expect(options.map(({ perSandbox, planMicros, chosen }) => [perSandbox, planMicros, chosen])).toEqual([
    [1, 8_712_000, false],
    [5, 1_742_400, true],
    [10, 871_200, false],
  ]);
});

test('every agent gets exactly one place and no sandbox carries more than asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 25 }), (count, perSandbox) => {
      const agents = Array.from({ length: count }, (_, index) => index);
      const groups = dealOut(agents, perSandbox);
      expect(groups.flat().sort((a, b) => a - b)).toEqual(agents);
      expect(Math.max(...groups.map((group) => group.length))).toBeLessThanOrEqual(perSandbox);
      expect(groups.length).toBe(Math.ceil(count / perSandbox));
    }),
  );
});
