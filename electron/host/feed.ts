// Sends the state to followers: a snapshot, then numbered events; gauges ride along as the latest value.
// A follower has at most one unacknowledged frame, so a slow window costs the host nothing but a queue that is cut at 500.
import type { Subscription } from '../contract/desk.ts';
import type { FeedFrame, Gauges, NumberedEvent } from '../contract/frames.ts';
import type { Store } from './store.ts';

const visibleMs = 50;
const hiddenMs = 1_000;
const queueLimit = 500;

export interface Feed {
  subscribe(send: (frame: FeedFrame) => void): Subscription;
  /** Replaces the latest gauges. */
  setGauges(gauges: Gauges): void;
  close(): void;
}

interface Follower {
  queue: NumberedEvent[];
  needsSnapshot: boolean;
  gaugesPending: boolean;
  awaitingAck: boolean;
  visible: boolean;
  timer: NodeJS.Timeout | null;
  readonly send: (frame: FeedFrame) => void;
}

/** Creates the feed of one store. */
export function createFeed(store: Store): Feed {
  const followers = new Set<Follower>();
  let gauges: Gauges | null = null;

  const unfollow = store.follow((numbered) => {
    for (const follower of followers) {
      enqueue(follower, numbered);
      schedule(follower);
    }
  });

  function enqueue(follower: Follower, numbered: NumberedEvent): void {
    if (follower.needsSnapshot) return;
    follower.queue.push(numbered);
    if (follower.queue.length > queueLimit) {
      follower.queue = [];
      follower.needsSnapshot = true;
    }
  }

  function schedule(follower: Follower): void {
    if (follower.awaitingAck || follower.timer) return;
    follower.timer = setTimeout(() => flush(follower), follower.visible ? visibleMs : hiddenMs);
  }

  function flush(follower: Follower): void {
    follower.timer = null;
    if (follower.awaitingAck || !followers.has(follower)) return;
    const frame = nextFrame(follower);
    if (!frame) return;
    follower.awaitingAck = true;
    follower.send(frame);
  }

  function nextFrame(follower: Follower): FeedFrame | null {
    const carried = follower.gaugesPending || follower.needsSnapshot ? gauges : null;
    follower.gaugesPending = false;
    if (follower.needsSnapshot) {
      follower.needsSnapshot = false;
      follower.queue = [];
      return { kind: 'snapshot', seq: store.seq(), state: store.state(), gauges: carried };
    }
    const events = follower.queue;
    const [first] = events;
    if (first) {
      follower.queue = [];
      return { kind: 'events', from: first.seq, events, gauges: carried };
    }
    return carried ? { kind: 'gauges', gauges: carried } : null;
  }

  return {
    subscribe(send) {
      const follower: Follower = {
        queue: [],
        needsSnapshot: true,
        gaugesPending: true,
        awaitingAck: false,
        visible: true,
        timer: null,
        send,
      };
      followers.add(follower);
      flush(follower);
      return {
        ack() {
          follower.awaitingAck = false;
          if (follower.queue.length > 0 || follower.needsSnapshot || follower.gaugesPending)
            schedule(follower);
        },
        resync() {
          follower.needsSnapshot = true;
          follower.awaitingAck = false;
          schedule(follower);
        },
        setVisible(visible) {
          follower.visible = visible;
          if (!follower.timer) return;
          clearTimeout(follower.timer);
          follower.timer = null;
          schedule(follower);
        },
        close() {
          if (follower.timer) clearTimeout(follower.timer);
          followers.delete(follower);
        },
      };
    },
    setGauges(next) {
      gauges = next;
      for (const follower of followers) {
        follower.gaugesPending = true;
        schedule(follower);
      }
    },
    close() {
      unfollow();
      for (const follower of followers) if (follower.timer) clearTimeout(follower.timer);
      followers.clear();
    },
  };
}
