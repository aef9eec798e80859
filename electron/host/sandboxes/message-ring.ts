// The last messages of each runner, for people; bounded, in memory.
import type { Clock } from '../clock.ts';

const keptMessages = 500;
const longestText = 2_000;

export interface KeptMessage {
  readonly at: number;
  readonly text: string;
}

export interface MessageRings {
  keep(slotId: string, text: string): void;
  /** The last `count`, oldest first, and how many older ones are gone. */
  last(slotId: string, count: number): { lines: KeptMessage[]; dropped: number };
  forget(slotId: string): void;
}

/** Creates one ring a slot, 500 messages each. */
export function createMessageRings(clock: Clock): MessageRings {
  const rings = new Map<string, { lines: KeptMessage[]; dropped: number }>();
  return {
    keep(slotId, text) {
      const ring = rings.get(slotId) ?? { lines: [], dropped: 0 };
      rings.set(slotId, ring);
      ring.lines.push({ at: clock.now(), text: text.slice(0, longestText) });
      if (ring.lines.length <= keptMessages) return;
      ring.lines.shift();
      ring.dropped += 1;
    },
    last(slotId, count) {
      const ring = rings.get(slotId) ?? { lines: [], dropped: 0 };
      return { lines: ring.lines.slice(-count), dropped: ring.dropped };
    },
    forget: (slotId) => void rings.delete(slotId),
  };
}
