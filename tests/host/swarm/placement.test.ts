import fc from 'fast-check';
import { expect, test } from 'vitest';
import { e2bListCard } from '../../../electron/host/spend/rate-card.ts';
import {
  assertDensity,
  cheapestDensity,
  dealOut,
  placements,
} from '../../../electron/host/swarm/placement.ts';

const size = { cpuCount: 2, memoryMb: 512 };
const limits = { agentsPerSandboxMax: 10, failureDomains: 2 };

test.each([
  [1, 1],
  [3, 3],
  [10, 5],
  [100, 10],
])('%d agents share sandboxes %d at a time', (count, density) => {
  expect(cheapestDensity(count, limits, size).perSandbox).toBe(density);
});

test('the price of ten agents falls with packing', () => {
  const options = placements(10, undefined, 8, e2bListCard, size, limits);
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

test.each([
  [12, { agentsPerSandboxMax: 10, failureDomains: 4 }, 3],
  [100, { agentsPerSandboxMax: 3, failureDomains: 2 }, 3],
  [9, { agentsPerSandboxMax: 4, failureDomains: 10 }, 4],
  [10, { agentsPerSandboxMax: 25, failureDomains: 1 }, 10],
])('%d agents keep the limits %j', (count, given, density) => {
  expect(cheapestDensity(count, given, size).perSandbox).toBe(density);
});

test('packing more than the settings allow is refused, and no such option is offered', () => {
  const strict = { agentsPerSandboxMax: 4, failureDomains: 2 };
  expect(() => assertDensity(5, strict, size)).toThrow(/perSandbox: 5 .*Give 4 or less/);
  expect(() => assertDensity(4, strict, size)).not.toThrow();
  const densities = placements(20, undefined, 8, e2bListCard, size, strict).map(
    (option) => option.perSandbox,
  );
  expect(Math.max(...densities)).toBe(4);
});

test.each([
  [3, { agentsPerSandboxMax: 10, failureDomains: 2 }, size, 'none', 3],
  [10, { agentsPerSandboxMax: 10, failureDomains: 2 }, size, 'failure domains', 5],
  [100, { agentsPerSandboxMax: 10, failureDomains: 2 }, size, 'the setting', 10],
  [100, { agentsPerSandboxMax: 25, failureDomains: 2 }, { cpuCount: 8, memoryMb: 8_192 }, 'processors', 20],
  [100, { agentsPerSandboxMax: 25, failureDomains: 2 }, { cpuCount: 8, memoryMb: 128 }, 'memory', 13],
] as const)(
  '%d agents with %j in a sandbox of %j are bounded by %s',
  (count, given, room, bound, perSandbox) => {
    expect(cheapestDensity(count, given, room)).toEqual({ perSandbox, bound });
  },
);

test('a wish that the memory does not carry is refused with the remedy', () => {
  const small = { cpuCount: 2, memoryMb: 128 };
  expect(() => assertDensity(14, { agentsPerSandboxMax: 25, failureDomains: 2 }, small)).toThrow(
    /13 agents that memory allows .*or raise memoryMb/,
  );
});
