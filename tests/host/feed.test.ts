import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Subscription } from '../../electron/contract/desk.ts';
import type { FeedFrame, Gauges } from '../../electron/contract/frames.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { createFeed, type Feed } from '../../electron/host/feed.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import type { Journal } from '../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from '../local/broker/memory-journal.ts';
import { agentDeployed } from '../support/build-events.ts';
import { silent } from '../support/fleet-bench.ts';

interface Bench {
  readonly store: Store;
  readonly feed: Feed;
  readonly frames: FeedFrame[];
  readonly subscription: Subscription;
  /** Commits this many events. */
  happen(count: number): void;
}

function subscribed(): Bench {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const store = createStore(createMemoryJournal() as MemoryJournal & Journal, silent, () => undefined);
  store.commit(agentDeployed());
  const feed = createFeed(store);
  onTestFinished(() => feed.close());
  const frames: FeedFrame[] = [];
  let next = 0;
  return {
    store,
    feed,
    frames,
    subscription: feed.subscribe((frame) => frames.push(frame)),
    happen(count) {
      for (let index = 0; index < count; index += 1) {
        next += 1;
        const qtyNanos = next;
        store.commit({
          kind: 'TargetSet',
          at: 1,
          agentId: 'momentum-01',
          symbol: 'AAPL',
          qtyNanos,
          priceTicks: 1,
          reason: '',
        });
      }
    },
  };
}

/** Gauges that tell one sample from another. */
const gaugesAt = (at: number): Gauges => ({ at }) as Gauges;

/** What a replica holds after these frames; fails on a gap. */
function replica(frames: readonly FeedFrame[]): { state: DeskState | null; seq: number } {
  let state: DeskState | null = null;
  let seq = 0;
  for (const frame of frames) {
    if (frame.kind === 'snapshot') ({ state, seq } = frame);
    if (frame.kind !== 'events') continue;
    expect(frame.from).toBe(seq + 1);
    for (const numbered of frame.events) {
      seq += 1;
      expect(numbered.seq).toBe(seq);
      if (state) state = reduce(state, numbered.event);
    }
  }
  return { state, seq };
}

describe('a follower', () => {
  test('gets a snapshot at once', () => {
    const { frames, store } = subscribed();
    expect(frames).toEqual([{ kind: 'snapshot', seq: 1, state: store.state(), gauges: null }]);
  });

  test('gets numbered events without a gap, many in one frame, and holds the state of the host', () => {
    const { frames, store, subscription, happen } = subscribed();
    subscription.ack();
    happen(3);
    vi.advanceTimersByTime(50);
    happen(2);
    subscription.ack();
    vi.advanceTimersByTime(50);
    expect(frames.map((frame) => frame.kind)).toEqual(['snapshot', 'events', 'events']);
    expect(replica(frames)).toEqual({ state: store.state(), seq: store.seq() });
  });

  test('has one frame at most that it has not acknowledged', () => {
    const { frames, subscription, happen, feed } = subscribed();
    happen(5);
    feed.setGauges(gaugesAt(1));
    vi.advanceTimersByTime(60_000);
    expect(frames).toHaveLength(1);
    subscription.ack();
    vi.advanceTimersByTime(60_000);
    happen(5);
    vi.advanceTimersByTime(60_000);
    expect(frames).toHaveLength(2);
  });

  test('gets 20 frames a second at most while it is visible', () => {
    const { frames, subscription, happen } = subscribed();
    for (let ms = 0; ms < 1_000; ms += 5) {
      subscription.ack();
      happen(1);
      vi.advanceTimersByTime(5);
    }
    expect(frames.length).toBeGreaterThan(15);
    expect(frames.length).toBeLessThanOrEqual(21);
  });

  test('gets one frame a second at most while it is hidden, and the rest soon after it is shown', () => {
    const { frames, store, subscription, happen } = subscribed();
    subscription.ack();
    happen(1);
    vi.advanceTimersByTime(50);
    subscription.ack();
    happen(1);
    subscription.setVisible(false);
    vi.advanceTimersByTime(999);
    expect(frames).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(frames).toHaveLength(3);
    subscription.ack();
    happen(1);
    vi.advanceTimersByTime(500);
    expect(frames).toHaveLength(3);
    subscription.setVisible(true);
    vi.advanceTimersByTime(50);
    expect(replica(frames)).toEqual({ state: store.state(), seq: store.seq() });
  });

  test('that is slow costs a queue of 500 events, then a snapshot', () => {
    const { frames, store, subscription, happen } = subscribed();
    happen(500);
    subscription.ack();
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toMatchObject({ kind: 'events', from: 2 });
    happen(501);
    subscription.ack();
    happen(1);
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)?.kind).toBe('snapshot');
    subscription.ack();
    happen(1);
    vi.advanceTimersByTime(50);
    expect(frames.map((frame) => frame.kind)).toEqual(['snapshot', 'events', 'snapshot', 'events']);
    expect(replica(frames)).toEqual({ state: store.state(), seq: store.seq() });
  });

  test('that saw a gap gets a snapshot instead of what was queued', () => {
    const { frames, store, subscription, happen } = subscribed();
    happen(3);
    subscription.resync();
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toEqual({ kind: 'snapshot', seq: 4, state: store.state(), gauges: null });
    subscription.ack();
    happen(1);
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toMatchObject({ kind: 'events', from: 5 });
  });

  test('that is slow does not slow another', () => {
    const { feed, happen } = subscribed();
    const other: FeedFrame[] = [];
    const second = feed.subscribe((frame) => other.push(frame));
    for (let round = 0; round < 3; round += 1) {
      second.ack();
      happen(1);
      vi.advanceTimersByTime(50);
    }
    expect(other).toHaveLength(4);
  });

  test('hears nothing after it has closed, and leaves no timer behind', () => {
    const { frames, subscription, happen } = subscribed();
    subscription.ack();
    happen(1);
    subscription.close();
    vi.advanceTimersByTime(1_000);
    happen(1);
    expect(frames).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('gauges', () => {
  test('are the latest only, and ride along with events', () => {
    const { frames, feed, subscription, happen } = subscribed();
    subscription.ack();
    feed.setGauges(gaugesAt(1));
    feed.setGauges(gaugesAt(2));
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toEqual({ kind: 'gauges', gauges: gaugesAt(2) });
    feed.setGauges(gaugesAt(3));
    happen(1);
    feed.setGauges(gaugesAt(4));
    subscription.ack();
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toMatchObject({ kind: 'events', from: 2, gauges: { at: 4 } });
  });

  test('are sent once, not with every frame', () => {
    const { frames, feed, subscription, happen } = subscribed();
    subscription.ack();
    feed.setGauges(gaugesAt(1));
    vi.advanceTimersByTime(50);
    subscription.ack();
    happen(1);
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toMatchObject({ kind: 'events', gauges: null });
  });

  test('come with every snapshot', () => {
    const { frames, feed, subscription } = subscribed();
    feed.setGauges(gaugesAt(7));
    subscription.ack();
    vi.advanceTimersByTime(50);
    subscription.resync();
    vi.advanceTimersByTime(50);
    expect(frames.at(-1)).toMatchObject({ kind: 'snapshot', gauges: { at: 7 } });
  });
});

test('a closed feed is silent and leaves no timer behind', () => {
  const { frames, feed, subscription, happen } = subscribed();
  subscription.ack();
  happen(1);
  feed.close();
  happen(1);
  vi.advanceTimersByTime(1_000);
  expect(frames).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
