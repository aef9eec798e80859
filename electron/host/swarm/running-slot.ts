// A slot whose runner is linked and receives bars.
import type { Bar } from '../../contract/bar.ts';
import type { ProviderSandbox } from '../sandboxes/provider.ts';
import type { RunnerLink } from '../sandboxes/runner-link.ts';

/** What was sent live of one symbol, since the agents were started; a successor carries it on. */
export interface SentBars {
  /** Starts of the first and the last one. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface RunningSlot {
  readonly sandbox: ProviderSandbox;
  readonly link: RunnerLink;
  readonly symbols: ReadonlySet<string>;
  /** By symbol. */
  readonly sent: Map<string, SentBars>;
  /** A successor decides from here on; no more bars are sent. */
  retired: boolean;
}

/** Sends bars for decision and notes them. */
export function sendLive(slot: RunningSlot, sentAt: number, bars: readonly Bar[]): void {
  slot.link.send({ kind: 'bars', sentAt, bars });
  for (const { symbol, at } of bars) {
    const before = slot.sent.get(symbol);
    slot.sent.set(symbol, { first: before?.first ?? at, last: at, count: (before?.count ?? 0) + 1 });
  }
}

/** Of the bars that came while a runner started, those that its history did not have yet. */
export function barsAfter(history: readonly Bar[], waiting: readonly Bar[]): Bar[] {
  const last = new Map<string, number>();
  for (const { symbol, at } of history) last.set(symbol, Math.max(at, last.get(symbol) ?? -Infinity));
  return waiting.filter(({ symbol, at }) => at > (last.get(symbol) ?? -Infinity));
}
