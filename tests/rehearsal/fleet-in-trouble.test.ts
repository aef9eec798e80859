// A thousand seeded ways of getting the fleet into trouble; more with REHEARSAL_SEEDS=20000. One of them alone:
//   REHEARSAL_SEED=17 npx vitest run tests/rehearsal/fleet-in-trouble.test.ts
import { expect, test } from 'vitest';
import { creationTroubles } from './plan-fleet-trouble.ts';
import { playFleetPlan, type PlayedFleetPlan } from './play-fleet-plan.ts';
import { rehearsedSeeds } from './rehearsed-seeds.ts';

const { seeds, isWhole } = rehearsedSeeds(1_000);

test(`no sandbox is forgotten and no money is lost, in ${seeds.length} plans`, {
  timeout: 60_000 + seeds.length * 400,
}, async () => {
  const played: PlayedFleetPlan[] = [];
  for (const seed of seeds) played.push(await playFleetPlan(seed));
  const wrong = played.filter(({ complaints }) => complaints.length > 0);
  expect(wrong.slice(0, 5).map(describePlan)).toEqual([]);
  if (isWhole) expect(seldom(played)).toEqual([]);
});

function describePlan({ plan, complaints }: PlayedFleetPlan): string {
  return `REHEARSAL_SEED=${plan.seed}: ${complaints.join('; ')} after ${JSON.stringify(plan)}`;
}

/** Names what the plans hardly contain: a rehearsal that rehearses nothing must not pass. */
function seldom(played: readonly PlayedFleetPlan[]): string[] {
  const withStep = (kind: string) =>
    played.filter(({ plan }) => plan.steps.some((step) => step.kind === kind)).length;
  const withCreation = (trouble: string) =>
    played.filter(({ plan }) =>
      plan.steps.some((step) => step.kind === 'creations' && step.trouble === trouble),
    ).length;
  const withEvent = (kind: string) => played.filter(({ events }) => events.includes(kind)).length;
  const counts: readonly (readonly [string, number, number])[] = [
    ...['end', 'pool', 'calls', 'slow', 'outage', 'stray', 'restart'].map(
      (kind) => [kind, withStep(kind), 250] as const,
    ),
    ...creationTroubles.map((trouble) => [trouble, withCreation(trouble), 60] as const),
    ...[
      'SandboxGivenUp',
      'SandboxLost',
      'SandboxEnded',
      'SandboxPaused',
      'SandboxResumed',
      'SandboxLeaseRenewed',
    ].map((kind) => [kind, withEvent(kind), 150] as const),
  ];
  return counts.filter(([, count, least]) => count < least).map(([what, count]) => `${what}: ${count}`);
}
