// A thousand seeded ways of getting the link into trouble. One of them alone:
//   REHEARSAL_SEED=17 npx vitest run tests/rehearsal/link-in-trouble.test.ts
import { expect, test } from 'vitest';
import { playLinkPlan, type PlayedPlan } from './play-link-plan.ts';
import { ends } from './plan-link-trouble.ts';
import { rehearsedSeeds } from './rehearsed-seeds.ts';

const troubles = [
  'stream cut',
  'stream frozen',
  'line broken',
  'babble',
  'slow',
  'writes in trouble',
  'out of reach',
] as const;

const { seeds, isWhole } = rehearsedSeeds(1_000);

test(`no message is lost or doubled and every loss is named, in ${seeds.length} plans`, {
  timeout: 60_000,
}, async () => {
  const played: PlayedPlan[] = [];
  for (const seed of seeds) played.push(await playLinkPlan(seed));
  const wrong = played.filter(({ complaints }) => complaints.length > 0);
  expect(wrong.slice(0, 5).map(describePlan)).toEqual([]);
  if (isWhole) expect(seldom(played)).toEqual([]);
});

function describePlan({ plan, complaints }: PlayedPlan): string {
  return `REHEARSAL_SEED=${plan.seed}: ${complaints.join('; ')} after ${JSON.stringify(plan.steps)}, end: ${plan.end}`;
}

/** Names what the plans hardly contain: a rehearsal that rehearses nothing must not pass. */
function seldom(played: readonly PlayedPlan[]): string[] {
  const withTrouble = (kind: string) =>
    played.filter(({ plan }) => plan.steps.some((step) => step.kind === kind));
  const withEnd = (end: string | null) => played.filter(({ plan }) => plan.end === end);
  const counts: readonly (readonly [string, number, number])[] = [
    ...troubles.map((kind) => [kind, withTrouble(kind).length, 300] as const),
    ...ends.map((end) => [end, withEnd(end).length, 25] as const),
    ['survived', withEnd(null).length, 500],
    ['messages', played.reduce((sum, { delivered }) => sum + delivered, 0), 100_000],
  ];
  return counts.filter(([, count, least]) => count < least).map(([what, count]) => `${what}: ${count}`);
}
