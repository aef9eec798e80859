// Keeps rows in place while the pointer is over them: values change under the hand, positions do not.
import { useState } from 'react';

export interface HeldOrder {
  readonly ids: readonly string[];
  /** Rows that would stand elsewhere if the order were taken now. */
  readonly moved: number;
}

/** Returns `live` when not held; otherwise the order of before, without what is gone and with what is new at the end. */
export function useHeldOrder(live: readonly string[], held: boolean, resetKey: string): HeldOrder {
  const [kept, setKept] = useState({ ids: live, resetKey });
  const isHeld = held && kept.resetKey === resetKey;
  const ids = isHeld ? holdOrder(kept.ids, live) : live;
  if (kept.resetKey !== resetKey || !isSame(kept.ids, ids)) setKept({ ids, resetKey });
  return { ids, moved: isHeld ? countMoved(ids, live) : 0 };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

/** The order of `before`, limited to and completed by the ids of `live`. */
export function holdOrder(before: readonly string[], live: readonly string[]): readonly string[] {
  const present = new Set(live);
  const stayed = before.filter((id) => present.has(id));
  const known = new Set(stayed);
  return [...stayed, ...live.filter((id) => !known.has(id))];
}

function countMoved(shown: readonly string[], live: readonly string[]): number {
  return shown.reduce((moved, id, index) => (live[index] === id ? moved : moved + 1), 0);
}
