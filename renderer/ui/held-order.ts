// Keeps rows in place while the pointer is over them: values change under the hand, positions do not.
import { useState } from 'react';

export interface HeldOrder {
  readonly ids: readonly string[];
  /** Rows that would stand in another order if it were taken now. */
  readonly moved: number;
  /** Rows that came meanwhile and would stand before others. */
  readonly added: number;
}

/** Returns `live` when not held; otherwise the order of before, without what is gone and with what is new at the end. */
export function useHeldOrder(live: readonly string[], held: boolean, resetKey: string): HeldOrder {
  const [kept, setKept] = useState({ ids: live, resetKey, known: live });
  const isHeld = held && kept.resetKey === resetKey;
  const ids = isHeld ? holdOrder(kept.ids, live) : live;
  // What came while the rows are held stays new until they are sorted again.
  const known = isHeld ? kept.known : live;
  if (kept.resetKey !== resetKey || !isSame(kept.known, known) || !isSame(kept.ids, ids))
    setKept({ ids, resetKey, known });
  return { ids, ...(isHeld ? countMoved(ids, live, known) : settled) };
}

const settled = { moved: 0, added: 0 };

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((id, index) => id === b[index]));
}

/** The order of `before`, limited to and completed by the ids of `live`. */
export function holdOrder(before: readonly string[], live: readonly string[]): readonly string[] {
  const present = new Set(live);
  const stayed = before.filter((id) => present.has(id));
  const known = new Set(stayed);
  return [...stayed, ...live.filter((id) => !known.has(id))];
}

/** A row that is new moves all below it, which is not a change of their order. */
export function countMoved(
  shown: readonly string[],
  live: readonly string[],
  known: readonly string[],
): Pick<HeldOrder, 'moved' | 'added'> {
  if (isSame(shown, live)) return settled;
  const before = new Set(known);
  const isKnown = (id: string): boolean => before.has(id);
  const wanted = live.filter(isKnown);
  const moved = shown.filter(isKnown).filter((id, index) => wanted[index] !== id).length;
  return { moved, added: live.length - wanted.length };
}
