// How many agents share a sandbox. Packing divides the price; too much of it lets one lost sandbox take the swarm.
import type { Micros } from '../../contract/money.ts';
import type { z } from 'zod';
import { costMicros, type RateCard, type SandboxSize } from '../spend/rate-card.ts';

const offered = [1, 5, 10];
/** A small swarm fits one sandbox; from here on at least two carry it. */
const splitFrom = 10;
const densest = 10;

export interface Placement {
  readonly perSandbox: number;
  readonly sandboxes: number;
  readonly planMicros: z.infer<typeof Micros>;
  readonly perHourMicros: z.infer<typeof Micros>;
  readonly chosen: boolean;
}

/** Cheapest density that keeps two failure domains for ten agents or more, at most ten agents a sandbox. */
export function cheapestDensity(count: number): number {
  if (count < splitFrom) return count;
  return Math.min(densest, Math.ceil(count / 2));
}

/** Prices the usual densities and the chosen one, dearest first. */
export function placements(
  count: number,
  perSandbox: number | undefined,
  hours: number,
  card: RateCard,
  size: SandboxSize,
): Placement[] {
  const chosen = Math.min(count, perSandbox ?? cheapestDensity(count));
  const densities = [...new Set([...offered.filter((density) => density <= count), chosen])].sort(
    (a, b) => a - b,
  );
  return densities.map((density) => {
    const sandboxes = Math.ceil(count / density);
    return {
      perSandbox: density,
      sandboxes,
      planMicros: sandboxes * costMicros(card, size, hours * 3_600_000),
      perHourMicros: sandboxes * costMicros(card, size, 3_600_000),
      chosen: density === chosen,
    };
  });
}

/** Deals the agents out evenly: groups differ by one at most. */
export function dealOut<T>(agents: readonly T[], perSandbox: number): T[][] {
  const groups = Math.ceil(agents.length / perSandbox);
  return Array.from({ length: groups }, (_, group) =>
    agents.filter((_agent, index) => index % groups === group),
  );
}
