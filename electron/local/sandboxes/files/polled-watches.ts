// Watches that clients ask for their events now and then, instead of following them.
import { randomBytes } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import type { DirectoryWatch, WatchEvent } from './watch-directory.ts';

/** Events kept for a client that does not ask; the oldest go first. */
const mostKept = 10_000;

export interface PolledWatches {
  /** Starts a watch with `open`, which gets where its events go, and resolves with its id. */
  create(open: (publish: (event: WatchEvent) => void) => Promise<DirectoryWatch>): Promise<string>;
  /** Returns the events since the last call. Throws `not_found`. */
  take(id: string): WatchEvent[];
  /** Throws `not_found`. */
  remove(id: string): void;
  close(): void;
}

export function createPolledWatches(): PolledWatches {
  const watches = new Map<string, { watch: DirectoryWatch; events: WatchEvent[] }>();

  function find(id: string) {
    const found = watches.get(id);
    if (found === undefined) throw new ConnectError(`watcher '${id}' does not exist`, Code.NotFound);
    return found;
  }

  return {
    async create(open) {
      const events: WatchEvent[] = [];
      const watch = await open((event) => {
        events.push(event);
        if (events.length > mostKept) events.shift();
      });
      const id = randomBytes(10).toString('hex');
      watches.set(id, { watch, events });
      return id;
    },
    take: (id) => find(id).events.splice(0),
    remove(id) {
      find(id).watch.close();
      watches.delete(id);
    },
    close() {
      for (const { watch } of watches.values()) watch.close();
      watches.clear();
    },
  };
}
