import { expect, test } from 'vitest';
import { timeTicks, valueTicks } from '../../../renderer/overview/axis-ticks.ts';
import { spread } from '../../../renderer/overview/end-labels.tsx';

test('labels that would touch are pushed apart in the order of their values', () => {
  const placed = spread(
    [
      { id: 'low', y: 104 },
      { id: 'high', y: 100 },
    ],
    300,
  );
  expect(placed.map((label) => label.id)).toEqual(['high', 'low']);
  expect((placed[1]?.y ?? 0) - (placed[0]?.y ?? 0)).toBeGreaterThanOrEqual(15);
});

test('labels at the bottom are pushed up rather than out of the plot', () => {
  const placed = spread([{ y: 198 }, { y: 199 }, { y: 200 }], 200);
  expect(Math.max(...placed.map((label) => label.y))).toBe(200);
  expect(placed.map((label) => label.y)).toEqual([170, 185, 200]);
});

test('value ticks are round and start at zero', () => {
  expect(valueTicks(5.4, 6)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(valueTicks(0, 6)).toEqual([0]);
});

test('time ticks are aligned to their origin', () => {
  expect(timeTicks(1_005, 1_030, 10)).toEqual([1_010, 1_020, 1_030]);
});
