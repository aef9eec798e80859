// Draws what a fleet and its provider go through: a list of steps that a seed repeats exactly.
import type { CallFate, Conduct, CreationFate } from '../support/troubled-provider.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';

export const creationTroubles = [
  'slow',
  'rate limited',
  'quota',
  'status 500',
  'status 502',
  'status 503',
  'lost',
  'lost, made late',
  'lost, made far too late',
] as const;

export type FleetStep =
  | { readonly kind: 'deploy'; readonly count: number; readonly waits: boolean }
  | { readonly kind: 'end'; readonly nth: number }
  | { readonly kind: 'end all' }
  | { readonly kind: 'pool'; readonly size: number; readonly preparesWell: boolean }
  | { readonly kind: 'time'; readonly passesMs: number }
  | {
      readonly kind: 'creations';
      readonly trouble: (typeof creationTroubles)[number];
      readonly fates: readonly CreationFate[];
    }
  | {
      readonly kind: 'calls';
      readonly call: 'connect' | 'extend' | 'kill' | 'pause' | 'list';
      readonly fate: Conduct['pause'];
      readonly lastsMs: number;
    }
  | { readonly kind: 'slow'; readonly latencyMs: number; readonly lastsMs: number }
  | { readonly kind: 'outage'; readonly lastsMs: number }
  | { readonly kind: 'stray' }
  /** The host dies; what was not on disk yet may be lost. */
  | { readonly kind: 'restart'; readonly losesTail: boolean };

export interface FleetPlan {
  readonly seed: number;
  readonly steps: readonly FleetStep[];
  readonly budgetMicros: number;
  readonly limit: number;
  readonly poolSize: number;
  readonly maxSessionMs: number;
  /** Virtual time at which it begins; some plans pass midnight. */
  readonly startsAt: number;
}

const noon = Date.UTC(2026, 2, 2, 12);

/** Draws 6 to 18 steps. */
export function planFleetTrouble(seed: number): FleetPlan {
  const random = seededRandom(seed);
  const steps: FleetStep[] = [{ kind: 'deploy', count: random.between(1, 3), waits: true }];
  const length = random.between(5, 17);
  for (let step = 0; step < length; step += 1) steps.push(drawStep(random));
  return {
    seed,
    steps,
    budgetMicros: random.pick([40_000, 200_000, 5_000_000]),
    limit: random.pick([3, 6, 20]),
    poolSize: random.pick([0, 1, 2]),
    maxSessionMs: random.pick([90_000, 86_400_000]),
    startsAt: noon + (random.chance(0.1) ? 12 * 3_600_000 - random.between(10_000, 120_000) : 0),
  };
}

function drawStep(random: SeededRandom): FleetStep {
  if (random.chance(0.5)) return drawUse(random);
  const lastsMs = random.between(1_000, 40_000);
  return random.pick<() => FleetStep>([
    () => drawCreations(random),
    () => drawCreations(random),
    () => ({ kind: 'calls', ...drawCall(random), lastsMs }),
    () => ({ kind: 'calls', ...drawCall(random), lastsMs }),
    () => ({ kind: 'slow', latencyMs: random.between(500, 6_000), lastsMs }),
    () => ({ kind: 'outage', lastsMs }),
    () => ({ kind: 'stray' }),
    () => ({ kind: 'restart', losesTail: random.chance(0.5) }),
  ])();
}

function drawUse(random: SeededRandom): FleetStep {
  return random.pick<FleetStep>([
    { kind: 'deploy', count: random.between(1, 4), waits: random.chance(0.5) },
    { kind: 'deploy', count: random.between(1, 2), waits: false },
    { kind: 'end', nth: random.between(0, 5) },
    random.chance(0.2) ? { kind: 'end all' } : { kind: 'end', nth: 0 },
    { kind: 'pool', size: random.between(0, 3), preparesWell: random.chance(0.8) },
    { kind: 'time', passesMs: random.between(10, 45_000) },
    { kind: 'time', passesMs: random.between(10, 3_000) },
  ]);
}

function drawCall(random: SeededRandom): {
  call: 'connect' | 'extend' | 'kill' | 'pause' | 'list';
  fate: Conduct['pause'];
} {
  const call = random.pick(['connect', 'extend', 'kill', 'pause', 'list'] as const);
  if (call === 'list') return { call, fate: 'fails' };
  if (call === 'pause') return { call, fate: random.pick(['fails', 'lost', 'refused'] as const) };
  return { call, fate: random.pick<CallFate>(['fails', 'lost']) };
}

function drawCreations(random: SeededRandom): FleetStep {
  const trouble = random.pick(creationTroubles);
  const length = trouble === 'rate limited' ? random.between(1, 6) : random.between(1, 3);
  return { kind: 'creations', trouble, fates: Array.from({ length }, () => fateOf(trouble, random)) };
}

function fateOf(trouble: (typeof creationTroubles)[number], random: SeededRandom): CreationFate {
  switch (trouble) {
    case 'slow':
      return { kind: 'works', tookMs: random.between(3_000, 25_000) };
    case 'rate limited':
      return { kind: 'refused', code: 'RATE_LIMITED' };
    case 'quota':
      return { kind: 'refused', code: 'QUOTA_EXCEEDED' };
    case 'status 500':
    case 'status 502':
    case 'status 503':
      return { kind: 'fails', status: Number(trouble.slice(-3)) };
    case 'lost':
      return { kind: 'lost', appearsAfterMs: 0 };
    case 'lost, made late':
      return { kind: 'lost', appearsAfterMs: random.between(100, 13_000) };
    case 'lost, made far too late':
      return { kind: 'lost', appearsAfterMs: random.between(20_000, 50_000) };
  }
}
