// Names of data that are being written: each by one work at a time.
import { DeskError } from '../../contract/errors.ts';

type Progress =
  | { readonly kind: 'import'; readonly rows: number; readonly bytes: number; readonly totalBytes: number }
  | { readonly kind: 'simulation'; readonly bars: number; readonly totalBars: number };

/** Work on some names. */
export interface Held {
  readonly names: readonly string[];
  /** Set by the work once it can tell. */
  progress: () => Progress | null;
}

export interface NameHolds {
  /** Holds the names while `work` runs. Rejects with DATASET_EXISTS when one is held. */
  hold<T>(names: readonly string[], work: (held: Held) => Promise<T>): Promise<T>;
  isHeld(name: string): boolean;
  /** Work that can tell how far it is, the oldest first. */
  underWay(): { readonly names: readonly string[]; readonly progress: Progress }[];
  /** Resolves when all work has ended. */
  ended(): Promise<void>;
}

/** Starts with no name held. */
export function createNameHolds(): NameHolds {
  const holds = new Map<Held, Promise<unknown>>();
  const isHeld = (name: string): boolean => [...holds.keys()].some(({ names }) => names.includes(name));
  return {
    async hold(names, work) {
      const taken = names.find(isHeld);
      if (taken !== undefined)
        throw new DeskError(
          'DATASET_EXISTS',
          `"${taken}" is being written. Wait for it, or use another name.`,
          { name: taken },
        );
      let finish = (): void => undefined;
      const held: Held = { names, progress: () => null };
      holds.set(held, new Promise<void>((resolve) => (finish = resolve)));
      try {
        return await work(held);
      } finally {
        holds.delete(held);
        finish();
      }
    },
    isHeld,
    underWay: () =>
      [...holds.keys()].flatMap(({ names, progress }) => {
        const now = progress();
        return now ? [{ names, progress: now }] : [];
      }),
    async ended() {
      await Promise.all(holds.values());
    },
  };
}
