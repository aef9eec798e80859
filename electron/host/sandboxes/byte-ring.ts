// The last bytes of an endless output, by their position since its start.

export interface ByteRing {
  /** Bytes ever written; the position after the last one. */
  readonly end: number;
  push(bytes: Uint8Array): void;
  /** What is kept from `after` on, and how many bytes between `after` and that are gone. */
  readFrom(after: number): { readonly bytes: Uint8Array; readonly dropped: number };
}

/** Creates a ring that keeps the last `capacity` bytes. */
export function createByteRing(capacity: number): ByteRing {
  const kept = new Uint8Array(capacity);
  let end = 0;

  return {
    get end() {
      return end;
    },
    push(bytes) {
      end += bytes.byteLength;
      const tail = bytes.subarray(Math.max(0, bytes.byteLength - capacity));
      const at = (end - tail.byteLength) % capacity;
      const first = tail.subarray(0, capacity - at);
      kept.set(first, at);
      kept.set(tail.subarray(first.byteLength), 0);
    },
    readFrom(after) {
      const start = Math.min(end, Math.max(after, end - capacity));
      const bytes = new Uint8Array(end - start);
      const at = start % capacity;
      const first = kept.subarray(at, Math.min(capacity, at + bytes.byteLength));
      bytes.set(first, 0);
      bytes.set(kept.subarray(0, bytes.byteLength - first.byteLength), first.byteLength);
      return { bytes, dropped: Math.max(0, start - after) };
    },
  };
}
