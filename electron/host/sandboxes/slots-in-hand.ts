// Which slots something is being done to. Whoever compares two records of the fleet must leave them out.

/** `reserved` lasts until the slot is open. */
export type Handling = 'reserved' | 'open' | 'pause' | 'end' | 'adopt';

/** Slots that were in hand at any time since the watch began. */
export interface HandWatch {
  has(slotId: string): boolean;
  stop(): void;
}

export interface SlotsInHand {
  take(slotId: string, handling: Handling): void;
  release(slotId: string, ...handlings: readonly Handling[]): void;
  has(slotId: string): boolean;
  watch(): HandWatch;
}

/** Creates the record with nothing in hand. */
export function createSlotsInHand(): SlotsInHand {
  const inHand = new Map<string, Set<Handling>>();
  const watches = new Set<Set<string>>();
  return {
    take(slotId, handling) {
      inHand.set(slotId, (inHand.get(slotId) ?? new Set()).add(handling));
      for (const seen of watches) seen.add(slotId);
    },
    release(slotId, ...handlings) {
      const held = inHand.get(slotId);
      for (const handling of handlings) held?.delete(handling);
      if (held?.size === 0) inHand.delete(slotId);
    },
    has: (slotId) => inHand.has(slotId),
    watch() {
      const seen = new Set(inHand.keys());
      watches.add(seen);
      return { has: (slotId) => seen.has(slotId), stop: () => watches.delete(seen) };
    },
  };
}
