// How many agents share a sandbox. Packing divides the price; too much of it lets one lost sandbox take the swarm.
import { DeskError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/money.ts';
import type { z } from 'zod';
import type { PackingBound } from '../../contract/deploy.ts';
import { costMicros, type RateCard, type SandboxSize } from '../spend/rate-card.ts';
import { agentsByMemory, agentsByProcessor } from './runner-footprint.ts';

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

export interface Density {
  readonly perSandbox: number;
  readonly bound: PackingBound;
}

/** Cheapest density within the limits: the fewest sandboxes that memory, processor, failure domains and the setting allow. */
export function cheapestDensity(count: number, limits: PackingLimits, size: SandboxSize): Density {
  const { perSandbox, bound } = capacity(limits, size);
  const spread = count < splitFrom ? count : Math.ceil(count / limits.failureDomains);
  if (spread > perSandbox) return { perSandbox, bound };
  return { perSandbox: Math.max(1, spread), bound: count < splitFrom ? 'none' : 'failure domains' };
}

/** What one sandbox carries at most, and what says so. */
function capacity({ agentsPerSandboxMax }: PackingLimits, size: SandboxSize): Density {
  const bounds: Density[] = [
    { perSandbox: agentsPerSandboxMax, bound: 'the setting' },
    { perSandbox: agentsByMemory(size), bound: 'memory' },
    { perSandbox: agentsByProcessor(), bound: 'processors' },
  ];
  return bounds.reduce((least, next) => (next.perSandbox < least.perSandbox ? next : least));
}

const remedies = {
  'the setting': 'change agentsPerSandboxMax',
  memory: 'raise memoryMb of the sandboxes',
  processors: 'deploy more sandboxes',
} as const;

/** Throws INVALID_INPUT for a wish that packs more agents into a sandbox than it carries or the settings allow. */
export function assertDensity(
  perSandbox: number | undefined,
  limits: PackingLimits,
  size: SandboxSize,
): void {
  const most = capacity(limits, size);
  if (perSandbox === undefined || perSandbox <= most.perSandbox) return;
  const bound = most.bound === 'memory' || most.bound === 'processors' ? most.bound : 'the setting';
  throw new DeskError(
    'INVALID_INPUT',
    `perSandbox: ${perSandbox} is more than the ${most.perSandbox} agents that ${bound} allows in a sandbox. Give ${most.perSandbox} or less, or ${remedies[bound]}.`,
    { perSandbox, mostAgents: most.perSandbox, bound },
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
  const chosen = Math.min(count, perSandbox ?? cheapestDensity(count, limits, size).perSandbox);
  const allowed = offered.filter((density) => density <= Math.min(count, capacity(limits, size).perSandbox));
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
