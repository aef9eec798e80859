import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteRing } from '../../../electron/host/sandboxes/byte-ring.ts';

test('keeps exactly the last bytes, and counts what a reader has missed', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 16 }), fc.nat(60), (written, capacity, after) => {
      const ring = createByteRing(capacity);
      for (const chunk of written) ring.push(chunk);
      const all = Buffer.concat(written);
      const { bytes, dropped } = ring.readFrom(after);
      const oldest = Math.max(0, all.length - capacity);
      expect(ring.end).toBe(all.length);
      expect(Buffer.from(bytes)).toEqual(all.subarray(Math.max(after, oldest)));
      expect(dropped).toBe(Math.max(0, oldest - after));
    }),
  );
});
