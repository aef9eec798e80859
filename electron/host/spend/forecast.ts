// What today will have cost at its end: spent so far plus the planned run of the sandboxes that are alive.
import type { DeskState } from '../../contract/state.ts';
import { costMicros, type RateCard } from './rate-card.ts';

/** Adds each running sandbox's price until its last agent's planned end, or the day's end. A sandbox without agents counts to its lease. */
export function forecastMicros(
  state: DeskState,
  card: RateCard,
  accruedMicros: number,
  now: number,
  dayEndAt: number,
): number {
  let total = accruedMicros;
  for (const slot of Object.values(state.sandboxes)) {
    if (slot.endedAt !== null || slot.createdAt === null) continue;
    const ends = Object.values(state.agents)
      .filter((agent) => agent.slotId === slot.slotId)
      .map((agent) => agent.plannedEndAt);
    const endAt = Math.min(dayEndAt, ends.length > 0 ? Math.max(...ends) : (slot.leaseEndsAt ?? now));
    total += costMicros(card, slot, endAt - now);
  }
  return total;
}
