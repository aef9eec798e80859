// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reduce } from '../../electron/contract/reduce.ts';
import { applyFrame, staleAfterMs, startReplica, type WindowReplica } from '../../renderer/replica.ts';
import { createFakeDeskBridge } from '../support/fake-desk-bridge.ts';
import {
  agentEvents,
  gaugesAt,
  positionEvents,
  sandboxEvents,
  startedEvents,
  stateAfter,
} from '../support/sample-desk.ts';

const at = 1_772_460_000_000;
const later = [
  ...sandboxEvents('slot-1', 'sbx1', at),
  ...agentEvents('momentum-01', 'slot-1', at),
  ...positionEvents('momentum-01', 'AAPL', 14, 171.22, at),
];

describe('applying frames', () => {
  const started: WindowReplica = {
    state: stateAfter(...startedEvents(at)),
    gauges: null,
    seq: 5,
    connected: true,
    lastFrameAt: at,
  };
  const block = { kind: 'EntriesBlocked', at, actor: 'cli', reason: 'test' } as const;

  test('refuses events that do not follow the last one', () => {
    expect(
      applyFrame(started, { kind: 'events', from: 7, events: [{ seq: 7, event: block }], gauges: null }, at),
    ).toBeNull();
    expect(
      applyFrame(started, { kind: 'events', from: 5, events: [{ seq: 5, event: block }], gauges: null }, at),
    ).toBeNull();
  });

  test('refuses a frame whose own numbers have a gap', () => {
    const events = [
      { seq: 6, event: block },
      { seq: 8, event: block },
    ];
    expect(applyFrame(started, { kind: 'events', from: 6, events, gauges: null }, at)).toBeNull();
  });

  test('keeps the last gauges when a frame of events carries none', () => {
    const gauges = gaugesAt(at);
    const next = applyFrame(
      { ...started, gauges },
      { kind: 'events', from: 6, events: [{ seq: 6, event: block }], gauges: null },
      at,
    );
    expect(next?.gauges).toBe(gauges);
    expect(next?.seq).toBe(6);
  });

  test('asks for a snapshot when anything arrives before the first one', () => {
    expect(applyFrame({ ...started, seq: -1 }, { kind: 'gauges', gauges: gaugesAt(at) }, at)).toBeNull();
  });
});

describe('following a host', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: at });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('holds what reduce gives for the same events', async () => {
    const fake = createFakeDeskBridge({ state: stateAfter(...startedEvents(at)) });
    const replica = startReplica(fake.bridge, Date.now);
    await vi.advanceTimersByTimeAsync(1);
    for (const event of later) fake.commit(event);
    await vi.advanceTimersByTimeAsync(1);
    expect(replica.store.getState().state).toEqual(later.reduce(reduce, stateAfter(...startedEvents(at))));
    expect(replica.store.getState().seq).toBe(later.length);
    expect(fake.resyncs()).toBe(0);
    expect(fake.unacknowledged()).toBe(0);
    replica.stop();
  });

  test('recovers from a lost frame with a fresh snapshot', async () => {
    const fake = createFakeDeskBridge({ state: stateAfter(...startedEvents(at)) });
    const replica = startReplica(fake.bridge, Date.now);
    await vi.advanceTimersByTimeAsync(1);
    fake.commit(...later);
    fake.sendRaw({ kind: 'events', from: 40, events: [], gauges: null });
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.resyncs()).toBe(1);
    expect(replica.store.getState().state).toEqual(fake.state());
    expect(replica.store.getState().seq).toBe(later.length);
    replica.stop();
  });

  test('says that it is not connected after three silent seconds, and that it is again with the next frame', async () => {
    const fake = createFakeDeskBridge();
    const replica = startReplica(fake.bridge, Date.now);
    await vi.advanceTimersByTimeAsync(staleAfterMs - 500);
    expect(replica.store.getState().connected).toBe(true);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(replica.store.getState().connected).toBe(false);
    fake.setGauges(gaugesAt(Date.now()));
    await vi.advanceTimersByTimeAsync(1);
    expect(replica.store.getState().connected).toBe(true);
    replica.stop();
  });
});
