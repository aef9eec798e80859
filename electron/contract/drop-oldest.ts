// Bounds what a replica keeps.

/** Keeps at most `limit` entries, dropping the oldest that may be dropped; insertion order is age. */
export function dropOldest<T>(
  entries: Record<string, T>,
  limit: number,
  mayDrop: (entry: T) => boolean,
): Record<string, T> {
  const surplus = Object.keys(entries).length - limit;
  if (surplus <= 0) return entries;
  const dropped = Object.entries(entries)
    .filter(([, entry]) => mayDrop(entry))
    .slice(0, surplus)
    .map(([key]) => key);
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !dropped.includes(key)));
}
