// Five hundred seeded ways of getting the trading floor into trouble; more with REHEARSAL_SEEDS=10000. One of them alone:
//   REHEARSAL_SEED=17 npx vitest run tests/rehearsal/trading-in-trouble.test.ts
import { expect, test } from 'vitest';
import { brokerTroubles } from '../support/broker-troubles.ts';
import { playTradingPlan, type PlayedTradingPlan } from './play-trading-plan.ts';
import { rehearsedSeeds } from './rehearsed-seeds.ts';

const { seeds, isWhole } = rehearsedSeeds(500);

test(`no order is sent twice or lost, and every book adds up, in ${seeds.length} plans`, {
  timeout: 60_000 + seeds.length * 400,
}, async () => {
  const played: PlayedTradingPlan[] = [];
  for (const seed of seeds) played.push(await playTradingPlan(seed));
  const wrong = played.filter(({ complaints }) => complaints.length > 0);
  expect(wrong.slice(0, 5).map(describePlan)).toEqual([]);
  if (isWhole) expect(seldom(played)).toEqual([]);
});

function describePlan({ plan, complaints }: PlayedTradingPlan): string {
  return `REHEARSAL_SEED=${plan.seed}: ${complaints.join('; ')} after ${JSON.stringify(plan)}`;
}

/** Names what the plans hardly contain: a rehearsal that rehearses nothing must not pass. */
function seldom(played: readonly PlayedTradingPlan[]): string[] {
  const withStep = (kind: string) =>
    played.filter(({ plan }) => plan.steps.some((step) => step.kind === kind)).length;
  const withTrouble = (trouble: string) =>
    played.filter(({ plan }) =>
      plan.steps.some((step) => step.kind === 'trouble' && step.trouble === trouble),
    ).length;
  const withSign = (sign: string) => played.filter(({ signs }) => signs.has(sign)).length;
  const counts: readonly (readonly [string, number, number])[] = [
    ...['reconnect', 'restart', 'block', 'stop', 'kill'].map((kind) => [kind, withStep(kind), 100] as const),
    ...Object.keys(brokerTroubles).map((trouble) => [trouble, withTrouble(trouble), 100] as const),
    ...['AgentsCrossed', 'OrderDenied', 'OrderFilled', 'KillFinished'].map(
      (kind) => [kind, withSign(kind), 100] as const,
    ),
    ...['all', 'strategy', 'agent'].map(
      (kind) => [`killed ${kind}, verified`, withSign(`killed ${kind}, verified`), 15] as const,
    ),
    ...['unknown', 'partially_filled', 'filled', 'cancelled', 'rejected'].map(
      (state) => [`order ${state}`, withSign(`order ${state}`), 60] as const,
    ),
    ...[
      'order expired',
      'sent again',
      'filled after its end',
      'AccountDiffered',
      'cash differed',
      'CashFlowed',
      'LimitBreached',
      'ORDER_RATE',
    ].map((sign) => [sign, withSign(sign), 20] as const),
  ];
  return counts.filter(([, count, least]) => count < least).map(([what, count]) => `${what}: ${count}`);
}
