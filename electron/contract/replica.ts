// A copy of the host's state, kept by a window, a monitor or a test: a snapshot, then the same events folded by the same `reduce`.
import type { FeedFrame, Gauges } from './frames.ts';
import { reduce } from './reduce.ts';
import { type DeskState, initialState } from './state.ts';

export interface Replica {
  readonly state: DeskState;
  readonly gauges: Gauges | null;
  /** Number of the last event folded; -1 before the first snapshot. */
  readonly seq: number;
}

export const emptyReplica: Replica = { state: initialState, gauges: null, seq: -1 };

/** Returns the replica after `frame`, or null when events are missing before it: then a snapshot must be asked for. */
export function foldFrame(replica: Replica, frame: FeedFrame): Replica | null {
  if (frame.kind === 'snapshot') return { state: frame.state, gauges: frame.gauges, seq: frame.seq };
  if (replica.seq < 0) return null;
  if (frame.kind === 'gauges') return { ...replica, gauges: frame.gauges };
  if (frame.from !== replica.seq + 1) return null;
  if (frame.events.some((numbered, index) => numbered.seq !== frame.from + index)) return null;
  return {
    state: frame.events.reduce((before, numbered) => reduce(before, numbered.event), replica.state),
    gauges: frame.gauges ?? replica.gauges,
    seq: replica.seq + frame.events.length,
  };
}
