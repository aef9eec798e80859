// Answers of the provider that many ask for at the same time: asked once, kept for a short life.
import type { Clock } from '../clock.ts';

export interface AnswerCache<T> {
  /** The kept answer, or the one that is on its way, or a new one. A failure is not kept. */
  get(key: string): Promise<T>;
  /** Forgets everything, also what is on its way: something was changed. */
  clear(): void;
}

interface Entry<T> {
  readonly answer: Promise<T>;
  /** Null while it is on its way. */
  answeredAt: number | null;
}

/** Creates an empty cache over `ask`. */
export function createAnswerCache<T>(
  clock: Clock,
  lifeMs: number,
  ask: (key: string) => Promise<T>,
): AnswerCache<T> {
  const entries = new Map<string, Entry<T>>();

  function isFresh({ answeredAt }: Entry<T>): boolean {
    return answeredAt === null || clock.monotonicMs() - answeredAt < lifeMs;
  }

  return {
    get(key) {
      for (const [old, entry] of entries) if (!isFresh(entry)) entries.delete(old);
      const known = entries.get(key);
      if (known) return known.answer;
      const entry: Entry<T> = { answer: ask(key), answeredAt: null };
      entries.set(key, entry);
      entry.answer.then(
        () => {
          entry.answeredAt = clock.monotonicMs();
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return entry.answer;
    },
    clear: () => entries.clear(),
  };
}
