import { expect, test } from 'vitest';
import { createMessageRings } from '../../../electron/host/sandboxes/message-ring.ts';

test('keeps the last five hundred of each slot and counts what is gone', () => {
  const rings = createMessageRings({ now: () => 5, monotonicMs: () => 5 });
  for (let n = 1; n <= 503; n += 1) rings.keep('a', `m${n}`);
  rings.keep('b', 'x'.repeat(10_000));
  const { lines, dropped } = rings.last('a', 2);
  expect([lines, dropped]).toEqual([
    [
      { at: 5, text: 'm502' },
      { at: 5, text: 'm503' },
    ],
    3,
  ]);
  expect(rings.last('a', 1_000).lines).toHaveLength(500);
  expect(rings.last('b', 1).lines[0]?.text).toHaveLength(2_000);
  rings.forget('a');
  expect(rings.last('a', 10)).toEqual({ lines: [], dropped: 0 });
});
