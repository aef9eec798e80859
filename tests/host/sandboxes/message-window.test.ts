import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageWindow } from '../../../electron/host/sandboxes/message-window.ts';

test('delivers each message once and in order, whatever the stream repeats or loses', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 300 }), (arrivals) => {
      const window = createMessageWindow();
      const delivered: number[] = [];
      for (const n of arrivals) {
        const arrival = window.accept({ n });
        if (arrival.kind === 'deliver') delivered.push(n);
        if (arrival.kind === 'gap') expect(arrival.after).toBe(delivered.length);
      }
      expect(delivered).toEqual(delivered.map((_, index) => index + 1));
      expect(window.through()).toBe(delivered.length);
    }),
  );
});

test('is behind while the runner has numbered more than has arrived', () => {
  const window = createMessageWindow();
  window.accept({ n: 1 });
  expect(window.isBehind(1)).toBe(false);
  expect(window.isBehind(2)).toBe(true);
});
