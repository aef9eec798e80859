// Finds out whether the journal still acknowledges: an empty append goes through the same queue as every event before it.
import type { Journal } from '../../../native/load.ts';
import type { Clock } from '../../clock.ts';

export interface JournalProbe {
  /** Asks again, unless an answer is still awaited. */
  ask(): void;
  /** Age of the newest acknowledged question, which is at least that of what was written before it; null before the first. */
  ageMs(): number | null;
}

/** Creates a probe that has not asked yet. A journal that refuses is asked again and its age grows. */
export function createJournalProbe(
  journal: { append(payloads: string[]): ReturnType<Journal['append']> },
  clock: Clock,
): JournalProbe {
  let askedAt: number | null = null;
  let acknowledged: number | null = null;
  return {
    ask() {
      if (askedAt !== null) return;
      const at = clock.monotonicMs();
      askedAt = at;
      void Promise.resolve(journal.append([]))
        .then(
          () => {
            acknowledged = at;
          },
          () => undefined,
        )
        .finally(() => {
          askedAt = null;
        });
    },
    ageMs: () => (acknowledged === null ? null : clock.monotonicMs() - acknowledged),
  };
}
