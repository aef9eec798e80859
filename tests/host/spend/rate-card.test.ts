import { expect, test } from 'vitest';
import { costMicros, e2bListCard } from '../../../electron/host/spend/rate-card.ts';

const size = { cpuCount: 2, memoryMb: 512 };

test('ten default sandboxes for eight hours cost $8.71 at list price', () => {
  expect(10 * costMicros(e2bListCard, size, 8 * 3_600_000)).toBe(8_712_000);
});

test('a part of a micro-dollar is charged, never given away', () => {
  expect(costMicros(e2bListCard, size, 1)).toBe(1);
  expect(costMicros(e2bListCard, size, 0)).toBe(0);
});
