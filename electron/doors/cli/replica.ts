// The monitor's copy of the desk's state: a snapshot, then the same events folded by the same `reduce`.
import type { FeedFrame, Gauges } from '../../contract/frames.ts';
import { reduce } from '../../contract/reduce.ts';
import { type DeskState, initialState } from '../../contract/state.ts';

export interface Replica {
  readonly state: DeskState;
  readonly gauges: Gauges | null;
  /** False until the first snapshot. */
  readonly isFilled: boolean;
  /** Applies a frame. False when events are missing before it: then nothing changed, and a snapshot must be asked for. */
  apply(frame: FeedFrame): boolean;
}

export function createReplica(): Replica {
  let state = initialState;
  let gauges: Gauges | null = null;
  let seq: number | null = null;
  return {
    get state() {
      return state;
    },
    get gauges() {
      return gauges;
    },
    get isFilled() {
      return seq !== null;
    },
    apply(frame) {
      switch (frame.kind) {
        case 'snapshot':
          [state, seq] = [frame.state, frame.seq];
          break;
        case 'events':
          if (seq === null || frame.from !== seq + 1) return false;
          for (const { event } of frame.events) state = reduce(state, event);
          seq = frame.events.at(-1)?.seq ?? seq;
          break;
        case 'gauges':
          break;
      }
      gauges = frame.gauges ?? gauges;
      return true;
    },
  };
}
