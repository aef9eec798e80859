// What differs from the broker's account and may still be explained: a fill or a fee that is listed late.
import type { DifferingCash, DifferingPosition } from '../../../contract/order-events.ts';

/** A fill may be in the broker's positions a while before its history shows it. */
export const explainableMs = 3_000;

interface Since {
  readonly since: number;
}

export interface Doubts {
  /** By symbol. */
  readonly positions: Map<string, DifferingPosition & Since>;
  cash: (DifferingCash & Since) | null;
}

/** Begins with none. */
export function createDoubts(): Doubts {
  return { positions: new Map(), cash: null };
}

/** `fillsReadAt` is when the broker's lists were read, null if they were not: what they hold explains nothing later. */
export function hasLasted({ since }: Since, fillsReadAt: number | null): boolean {
  return fillsReadAt !== null && fillsReadAt - since >= explainableMs;
}

/** False where the cash was only seen for the first time: that can wait for the next reading. */
export function hasDifference({ positions, cash }: Doubts): boolean {
  return positions.size > 0 || (cash !== null && cash.oursMicros !== cash.theirsMicros);
}
