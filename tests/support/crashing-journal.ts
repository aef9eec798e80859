// A journal in virtual time: what is appended is durable a moment later, and a crash may lose what is not.
import type { Journal } from '../../electron/native/load.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface CrashingJournal {
  /** Everything on record, oldest first. */
  readonly payloads: string[];
  /** How many of them no crash can take away. */
  durable(): number;
  /** What one host writes to; after its death nothing arrives any more. */
  connection(isDead: () => boolean): Journal;
  /** Forgets a random part of what was not acknowledged. */
  loseTail(): void;
}

/** Creates it empty. */
export function createCrashingJournal(timers: VirtualTimers, random: SeededRandom): CrashingJournal {
  const payloads: string[] = [];
  let durable = 0;
  return {
    payloads,
    durable: () => durable,
    connection(isDead) {
      const never = new Promise<never>(() => undefined);
      const journal: Pick<Journal, 'append' | 'scan'> = {
        append(added) {
          if (isDead()) return never;
          const last = payloads.push(...added);
          return new Promise((done) =>
            timers.after(random.between(1, 15), () => {
              if (isDead()) return;
              durable = Math.max(durable, last);
              done(last);
            }),
          );
        },
        scan: (after, limit) =>
          payloads.slice(after, after + limit).map((payload, index) => ({ seq: after + index + 1, payload })),
      };
      return journal as Journal;
    },
    loseTail() {
      payloads.splice(random.between(durable, payloads.length));
      durable = payloads.length;
    },
  };
}
