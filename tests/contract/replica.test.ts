import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import { emptyReplica, foldFrame } from '../../electron/contract/replica.ts';
import { busySnapshot, busyState, gauges } from '../support/desk-answers.ts';

const blocked: DeskEvent = { kind: 'EntriesBlocked', at: 5_000, actor: 'window', reason: 'lunch' };
const frame = (...seqs: number[]): FeedFrame => ({
  kind: 'events',
  from: seqs[0] ?? 0,
  events: seqs.map((seq) => ({ seq, event: blocked })),
  gauges: null,
});

describe('the replica', () => {
  const filled = foldFrame(emptyReplica, busySnapshot());

  test('folds events onto the snapshot and keeps the newest gauges', () => {
    expect(filled && foldFrame(filled, frame(10))).toEqual({
      state: { ...busyState(), entries: { kind: 'blocked', since: 5_000, actor: 'window', reason: 'lunch' } },
      gauges,
      seq: 10,
    });
  });

  test.each([
    ['before the snapshot', emptyReplica, frame(10)],
    ['after a gap', filled, frame(11)],
    ['twice', filled, frame(9)],
    ['in a frame that has a gap itself', filled, frame(10, 12)],
  ])('takes no event %s', (_case, replica, late) => {
    expect(replica).not.toBeNull();
    expect(replica && foldFrame(replica, late)).toBeNull();
  });
});
