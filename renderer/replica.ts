// A read-only copy of the host's state: a snapshot, then numbered events folded by the contract's own `reduce`.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FeedFrame, Gauges } from '../electron/contract/frames.ts';
import { reduce } from '../electron/contract/reduce.ts';
import { type DeskState, initialState } from '../electron/contract/state.ts';
import type { DeskBridge } from './bridge.ts';

export interface Replica {
  readonly state: DeskState;
  readonly gauges: Gauges | null;
  /** Number of the last event applied; -1 before the first snapshot. */
  readonly seq: number;
  /** False before the first snapshot, and when nothing has arrived for `staleAfterMs`. */
  readonly connected: boolean;
  /** On the window's clock; null before the first frame. */
  readonly lastFrameAt: number | null;
}

export type ReplicaStore = StoreApi<Replica>;

/** Silence after which values are shown as stale. */
export const staleAfterMs = 3_000;
const watchEveryMs = 500;

/** Follows the host until stopped. A gap in the numbers asks for a fresh snapshot instead of being applied. */
export function startReplica(bridge: DeskBridge, now: () => number): { store: ReplicaStore; stop(): void } {
  const store: ReplicaStore = createStore<Replica>(() => ({
    state: initialState,
    gauges: null,
    seq: -1,
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
export function applyFrame(replica: Replica, frame: FeedFrame, at: number): Replica | null {
  switch (frame.kind) {
    case 'snapshot':
      return { state: frame.state, gauges: frame.gauges, seq: frame.seq, connected: true, lastFrameAt: at };
    case 'gauges':
      if (replica.seq < 0) return null;
      return { ...replica, gauges: frame.gauges, connected: true, lastFrameAt: at };
    case 'events': {
      if (replica.seq < 0 || frame.from !== replica.seq + 1) return null;
      if (frame.events.some((numbered, index) => numbered.seq !== frame.from + index)) return null;
      const state = frame.events.reduce((before, numbered) => reduce(before, numbered.event), replica.state);
      return {
        state,
        gauges: frame.gauges ?? replica.gauges,
        seq: replica.seq + frame.events.length,
        connected: true,
        lastFrameAt: at,
      };
    }
  }
}
