// How many agents share a sandbox. Packing divides the price; too much of it lets one lost sandbox take the swarm.
import { DeskError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/money.ts';
import type { z } from 'zod';
import { costMicros, type RateCard, type SandboxSize } from '../spend/rate-card.ts';

const offered = [1, 5, 10];
/** A small swarm fits one sandbox; from here on several carry it. */
const splitFrom = 10;

export interface PackingLimits {
  readonly agentsPerSandboxMax: number;
  /** Sandboxes that ten or more agents are spread over at least. */
  readonly failureDomains: number;
}

export interface Placement {
  readonly perSandbox: number;
  readonly sandboxes: number;
  readonly planMicros: z.infer<typeof Micros>;
  readonly perHourMicros: z.infer<typeof Micros>;
  readonly chosen: boolean;
}

/** Cheapest density within the limits; ten agents or more keep the failure domains. */
export function cheapestDensity(
  count: number,
  { agentsPerSandboxMax, failureDomains }: PackingLimits,
): number {
  const spread = count < splitFrom ? count : Math.ceil(count / failureDomains);
  return Math.max(1, Math.min(agentsPerSandboxMax, spread));
}

/** Throws INVALID_INPUT for a wish that packs more agents into a sandbox than the settings allow. */
export function assertDensity(perSandbox: number | undefined, { agentsPerSandboxMax }: PackingLimits): void {
  if (perSandbox === undefined || perSandbox <= agentsPerSandboxMax) return;
  throw new DeskError(
    'INVALID_INPUT',
    `perSandbox: ${perSandbox} is more than the ${agentsPerSandboxMax} agents that settings allow in a sandbox. Give ${agentsPerSandboxMax} or less, or change agentsPerSandboxMax.`,
    { perSandbox, agentsPerSandboxMax },
  );
}

/** Prices the usual densities and the chosen one, dearest first. */
export function placements(
  count: number,
  perSandbox: number | undefined,
  hours: number,
  card: RateCard,
  size: SandboxSize,
  limits: PackingLimits,
): Placement[] {
  const chosen = Math.min(count, perSandbox ?? cheapestDensity(count, limits));
  const allowed = offered.filter((density) => density <= Math.min(count, limits.agentsPerSandboxMax));
  const densities = [...new Set([...allowed, chosen])].sort((a, b) => a - b);
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
