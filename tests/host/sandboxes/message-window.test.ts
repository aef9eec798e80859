import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageWindow } from '../../../electron/host/sandboxes/message-window.ts';

test('delivers each message once and in order, whatever the stream repeats or loses', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 300 }), (arrivals) => {
      const window = createMessageWindow();
      const delivered: number[] = [];
      for (const n of arrivals) if (window.accept({ n }) === 'deliver') delivered.push(n);
      expect(delivered).toEqual(delivered.map((_, index) => index + 1));
      expect(window.through()).toBe(delivered.length);
      expect(window.missing()).toBe(Math.max(0, ...arrivals) - delivered.length);
    }),
  );
});

test('misses what the runner says it has numbered and what came out of order', () => {
  const window = createMessageWindow();
  expect(window.accept({ n: 1 })).toBe('deliver');
  window.note(1);
  expect(window.missing()).toBe(0);
  window.note(2);
  expect(window.missing()).toBe(1);
  expect(window.accept({ n: 4 })).toBe('gap');
  expect(window.missing()).toBe(3);
  expect(window.accept({ n: 1 })).toBe('duplicate');
});
