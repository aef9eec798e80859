// What a runner is told before its first live bar: history, bars to decide again, and what its agents had learnt, each
// state right after the bar that it was saved at.
import type { Bar } from '../../contract/bar.ts';
import type { HostFrame } from '../sandboxes/link-messages.ts';

/** What an agent has learnt of a symbol up to a bar. */
export interface Learnt {
  readonly agentId: string;
  readonly symbol: string;
  /** Start of the last bar that was learnt from. */
  readonly barAt: number;
  /** As the runner saved it. */
  readonly state: string;
}

export interface Opening {
  readonly symbols: Iterable<string>;
  /** Taken in without deciding. */
  readonly history: readonly Bar[];
  /** Decided again, after the history. */
  readonly replay: readonly Bar[];
  readonly learnt: readonly Learnt[];
}

/** The frames, in the order in which they must be read. */
export function openingFrames({ symbols, history, replay, learnt }: Opening): HostFrame[] {
  const frames: HostFrame[] = [];
  let waiting = [...learnt].sort((one, other) => one.barAt - other.barAt);

  function recall(isDue: (state: Learnt) => boolean): void {
    for (const state of waiting.filter(isDue)) frames.push({ kind: 'recall', ...state });
    waiting = waiting.filter((state) => !isDue(state));
  }

  for (const symbol of symbols) {
    let bars: Bar[] = [];
    for (const bar of history.filter((each) => each.symbol === symbol)) {
      const isDue = (state: Learnt): boolean => state.symbol === symbol && state.barAt < bar.at;
      if (waiting.some(isDue)) {
        frames.push({ kind: 'warmup', symbol, bars });
        bars = [];
        recall(isDue);
      }
      bars.push(bar);
    }
    frames.push({ kind: 'warmup', symbol, bars });
  }
  for (const bar of replay) {
    recall((state) => state.symbol === bar.symbol && state.barAt < bar.at);
    frames.push({ kind: 'bars', sentAt: bar.at, bars: [bar] });
  }
  recall(() => true);
  return frames;
}
