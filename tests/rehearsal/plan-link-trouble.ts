// Draws what goes wrong between a host and a runner: a list of steps that a seed repeats exactly.
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import type { Conduct } from '../support/scripted-sandbox.ts';

/** What a link must get over. */
export type Trouble =
  | { readonly kind: 'stream cut' }
  | { readonly kind: 'stream frozen' }
  | { readonly kind: 'line broken' }
  | { readonly kind: 'babble' }
  | { readonly kind: 'slow'; readonly attachMs: number; readonly writeMs: number; readonly outputMs: number }
  | { readonly kind: 'writes in trouble'; readonly write: Conduct['write']; readonly lastsMs: number }
  | {
      readonly kind: 'out of reach';
      readonly attach: Conduct['attach'];
      readonly write: Conduct['write'];
      readonly health: Conduct['health'];
      readonly lastsMs: number;
    };

/** What ends a link. */
export const ends = [
  'runner exits',
  'sandbox ends',
  'runner hangs',
  'runner starts over',
  'provider stays away',
  'nothing can be written',
  'message cannot be taken in',
] as const;
export type End = (typeof ends)[number];

export type Step =
  | { readonly kind: 'bars'; readonly count: number }
  | { readonly kind: 'targets'; readonly count: number }
  | { readonly kind: 'time'; readonly passesMs: number }
  | Trouble;

export interface LinkPlan {
  readonly seed: number;
  readonly steps: readonly Step[];
  /** Null when everything is to be survived. */
  readonly end: End | null;
}

/** Draws 6 to 24 steps; a third of the plans end the link. */
export function planLinkTrouble(seed: number): LinkPlan {
  const random = seededRandom(seed);
  const steps: Step[] = [{ kind: 'targets', count: random.between(1, 5) }];
  const length = random.between(6, 24);
  for (let step = 0; step < length; step += 1) steps.push(...drawStep(random));
  return { seed, steps, end: random.chance(1 / 3) ? random.pick(ends) : null };
}

function drawStep(random: SeededRandom): Step[] {
  const traffic: readonly Step[] = [
    { kind: 'bars', count: random.between(1, 5) },
    { kind: 'targets', count: random.chance(0.05) ? 1_500 : random.between(1, 20) },
    { kind: 'time', passesMs: random.between(1, 4_000) },
  ];
  if (random.chance(0.5)) return [random.pick(traffic)];
  const trouble = drawTrouble(random);
  // What is written right after the trouble is what gets lost, so there is always some.
  return [trouble, { kind: 'bars', count: 1 }, { kind: 'targets', count: random.between(1, 3) }];
}

function drawTrouble(random: SeededRandom): Trouble {
  const lastsMs = random.between(10, 12_000);
  return random.pick<Trouble>([
    { kind: 'stream cut' },
    { kind: 'stream frozen' },
    { kind: 'line broken' },
    { kind: 'babble' },
    {
      kind: 'slow',
      attachMs: random.between(0, 3_000),
      writeMs: random.between(0, 2_000),
      outputMs: random.between(0, 2_000),
    },
    { kind: 'writes in trouble', write: random.pick(['fails', 'fails late', 'hangs']), lastsMs },
    {
      kind: 'out of reach',
      attach: random.pick(['fails', 'hangs', 'says the sandbox is gone']),
      write: random.pick(['works', 'fails', 'fails late', 'hangs']),
      health: 'fails',
      lastsMs,
    },
  ]);
}
