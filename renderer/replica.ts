// The window's replica as a store, and how fresh it is.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FeedFrame } from '../electron/contract/frames.ts';
import { emptyReplica, foldFrame, type Replica } from '../electron/contract/replica.ts';
import type { DeskBridge } from './bridge.ts';

export interface WindowReplica extends Replica {
  /** False before the first snapshot, and when nothing has arrived for `staleAfterMs`. */
  readonly connected: boolean;
  /** On the window's clock; null before the first frame. */
  readonly lastFrameAt: number | null;
}

export type ReplicaStore = StoreApi<WindowReplica>;

/** Silence after which values are shown as stale. */
export const staleAfterMs = 3_000;
const watchEveryMs = 500;

/** Follows the host until stopped. A gap in the numbers asks for a fresh snapshot instead of being applied. */
export function startReplica(bridge: DeskBridge, now: () => number): { store: ReplicaStore; stop(): void } {
  const store: ReplicaStore = createStore<WindowReplica>(() => ({
    ...emptyReplica,
    connected: false,
    lastFrameAt: null,
  }));
  const subscription = bridge.subscribe((frame) => {
    const next = applyFrame(store.getState(), frame, now());
    if (next) store.setState(next);
    else subscription.resync();
    // A frame that was not applied is spent too: the lane must be free for the snapshot that replaces it.
    subscription.ack();
  });
  const watchdog = setInterval(() => {
    const { connected, lastFrameAt } = store.getState();
    if (connected && lastFrameAt !== null && now() - lastFrameAt > staleAfterMs) {
      store.setState({ connected: false });
    }
  }, watchEveryMs);
  const tellVisibility = (): void => subscription.setVisible(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', tellVisibility);
  return {
    store,
    stop() {
      clearInterval(watchdog);
      document.removeEventListener('visibilitychange', tellVisibility);
      subscription.close();
    },
  };
}

/** Returns the replica after `frame`, or null when events are missing before it. */
export function applyFrame(replica: WindowReplica, frame: FeedFrame, at: number): WindowReplica | null {
  const folded = foldFrame(replica, frame);
  return folded && { ...folded, connected: true, lastFrameAt: at };
}
