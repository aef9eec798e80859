// Lines of a kill's receipt.
import type { KillItem } from '../../../contract/events.ts';
import type { DeskState, Order } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';

const firstPollMs = 100;
const lastPollMs = 1_000;
const stepTimeoutMs = 10_000;

export type Mark = (item: KillItem) => void;

/** Builds one line; `id` is unique within its kind. */
export function killItem(
  kind: KillItem['kind'],
  id: string,
  label: string,
  state: KillItem['state'],
  detail: string,
): KillItem {
  return { id: `${kind}:${id}`, kind, label, state, detail };
}

/** The line of an order. */
export function orderItem(
  { clientOrderId, side, qtyNanos, symbol }: Order,
  state: KillItem['state'],
  detail: string,
): KillItem {
  return killItem('order', clientOrderId, `${side} ${qtyNanos / 1e9} ${symbol}`, state, detail);
}

/** The line of a position of the account. */
export function positionItem(
  symbol: string,
  qtyNanos: number,
  state: KillItem['state'],
  detail: string,
): KillItem {
  return killItem('position', symbol, `${symbol} ${qtyNanos / 1e9}`, state, detail);
}

/** The line of a position in one book. */
export function bookItem(
  agentId: string,
  symbol: string,
  qtyNanos: number,
  state: KillItem['state'],
  detail: string,
): KillItem {
  const label = `${agentId} ${symbol} ${qtyNanos / 1e9}`;
  return killItem('position', `${agentId}/${symbol}`, label, state, detail);
}

/** Repeats until `step` says it is done or the time is up; the pauses grow to a second. */
export async function pollUntil(clock: Clock, step: () => Promise<boolean>): Promise<void> {
  const until = clock.monotonicMs() + stepTimeoutMs;
  let pauseMs = firstPollMs;
  while (!(await step()) && clock.monotonicMs() < until) {
    const waitMs = pauseMs;
    await new Promise((resolve) => {
      setTimeout(resolve, waitMs);
    });
    pauseMs = Math.min(pauseMs * 2, lastPollMs);
  }
}

/** A kill of everything is at work: a narrower one leaves the rest to it. */
export function isOvertaken({ kill }: DeskState): boolean {
  return kill?.finishedAt === null;
}

/** What went wrong, for people. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
