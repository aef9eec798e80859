// Prices of sandboxes, dated. Cost is on the allocated size while running, by the millisecond, rounded up.
import { z } from 'zod';
import e2bList from '../../../assets/rate-cards/e2b-list.json' with { type: 'json' };

const RateCard = z.object({
  id: z.string(),
  date: z.string(),
  source: z.url(),
  /** USD x 1e9 for one vCPU for one second. */
  vcpuSecondNanos: z.int().nonnegative(),
  /** USD x 1e9 for one GiB of memory for one second. */
  gibSecondNanos: z.int().nonnegative(),
});
export type RateCard = z.infer<typeof RateCard>;

/** E2B's list price. */
export const e2bListCard: RateCard = RateCard.parse(e2bList);

export interface SandboxSize {
  readonly cpuCount: number;
  readonly memoryMb: number;
}

/** Micro-dollars for a size over a duration, rounded up so that a part is never free. */
export function costMicros(card: RateCard, size: SandboxSize, durationMs: number): number {
  const nanosPerSecond = size.cpuCount * card.vcpuSecondNanos + (size.memoryMb / 1024) * card.gibSecondNanos;
  return Math.ceil((nanosPerSecond * Math.max(0, durationMs)) / 1_000_000);
}

/** "e2b-list 2026-08". */
export function cardLabel(card: RateCard): string {
  return `${card.id} ${card.date}`;
}
