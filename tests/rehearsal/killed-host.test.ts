// A headless host that is killed in the middle of trading, again and again, on one data directory. More often with
// REHEARSAL_SEEDS=50; one moment alone: REHEARSAL_SEED=3 npx vitest run tests/rehearsal/killed-host.test.ts
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type KilledDesk, startKilledDesk } from './killed-desk.ts';
import { readBothRecords } from './read-both-records.ts';
import { rehearsedSeeds } from './rehearsed-seeds.ts';

const { seeds } = rehearsedSeeds(10);

test(`after ${seeds.length} kills in mid trade no order was sent twice, none is lost, and the books are the broker's`, {
  timeout: 60_000 + seeds.length * 30_000,
}, async () => {
  const desk = await startKilledDesk();
  for (const seed of seeds) await tradeAndDie(desk, seed);
  await desk.start();
  await desk.call('swarm.stopAll', {});
  await expect
    .poll(() => Object.values(desk.state().orders).filter((order) => !isFinal(order)), { timeout: 40_000 })
    .toEqual([]);
  await desk.stop();

  const { ours, theirs } = readBothRecords(desk.home);
  expect(theirs.orders.length).toBeGreaterThan(seeds.length);
  expect(ours.neverSent.filter((id) => theirs.orders.includes(id))).toEqual([]);
  expect([...ours.neverSent, ...theirs.orders].sort()).toEqual(ours.approved);
  expect(ours.executions).toEqual(theirs.executions);
  expect(ours.position).toBe(theirs.position);
  expect(ours.heldByAgents).toBe(theirs.position);
});

/** Agents that decide at every bar, forty a second; the end comes at any moment after the first order. */
async function tradeAndDie(desk: KilledDesk, seed: number): Promise<void> {
  const random = seededRandom(seed);
  await desk.start();
  const before = desk.state().totals.orders;
  void desk.call('swarm.stopAll', {}).catch(() => undefined);
  await desk.call('swarm.deploy', {
    agent: 'time-series-momentum',
    symbols: ['SPX'],
    count: 2,
    params: { lookback: 1, every: 1 },
  });
  await expect
    .poll(() => desk.state().totals.orders, { timeout: 20_000, interval: 5 })
    .toBeGreaterThan(before);
  await sleep(random.between(0, 1_500));
  await desk.kill();
}
