// A slot whose runner is linked and receives bars.
import type { Bar } from '../../contract/bar.ts';
import type { ProviderSandbox } from '../sandboxes/provider.ts';
import type { RunnerLink } from '../sandboxes/runner-link.ts';
import type { Learnt } from './opening-frames.ts';

/**
 * Most live bars that are remembered, and so decided again by a successor. From the same history and the same bars it
 * arrives exactly where its predecessor stands; after more bars than this its positions may differ, which is reported.
 * What it has learnt is the same all the same: its predecessor's last state is put back on the way.
 */
const rememberedBars = 6_000;

export interface RunningSlot {
  readonly sandbox: ProviderSandbox;
  readonly link: RunnerLink;
  readonly symbols: ReadonlySet<string>;
  /** What the runner was warmed with. */
  readonly history: Bar[];
  /** What its agents had learnt in runners before. */
  readonly learnt: readonly Learnt[];
  /** What its agents have decided on since, oldest first. */
  readonly live: Bar[];
  /** A successor decides from here on; no more bars are sent. */
  retired: boolean;
}

/** Sends bars for decision and remembers them. */
export function sendLive(slot: RunningSlot, sentAt: number, bars: readonly Bar[]): void {
  const { link, live, history } = slot;
  link.send({ kind: 'bars', sentAt, bars });
  live.push(...bars);
  const forgotten = live.splice(0, Math.max(0, live.length - rememberedBars));
  history.push(...forgotten);
  history.splice(0, Math.max(0, history.length - rememberedBars));
}

/** Start of the last bar of each symbol. */
export function lastBars(bars: readonly Bar[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const { symbol, at } of bars) last.set(symbol, Math.max(at, last.get(symbol) ?? -Infinity));
  return last;
}
