// Random floors with several agents, on which one or a strategy is killed while the broker fails now and then.
import { expect, test } from 'vitest';
import { KillPolicy } from '../../../electron/contract/names.ts';
import { apiError, brokenConnection } from '../../support/fake-broker.ts';
import { createKillBench, type KillBench } from '../../support/kill-bench.ts';
import { type SeededRandom, seededRandom } from '../../support/seeded-random.ts';
import { shares } from '../../support/trading-bench.ts';

const symbols = ['AAPL', 'KO', 'TSLA'] as const;
const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);

/** Two to five agents with books drawn at random, some of them against each other. */
async function drawFloor(random: SeededRandom): Promise<{ bench: KillBench; agentIds: string[] }> {
  const bench = await createKillBench();
  const agentIds = Array.from({ length: random.between(2, 5) }, (_, index) => `a${index + 1}`);
  for (const agentId of agentIds) await bench.deployIn(agentId, [...symbols]);
  for (const agentId of agentIds)
    for (const symbol of symbols)
      if (random.chance(0.7)) await bench.hold(agentId, symbol, random.between(-20, 20));
  return { bench, agentIds };
}

function quoteAll(bench: KillBench): void {
  for (const symbol of symbols) bench.quote(symbol, 999_900, 1_000_100);
}

const books = (bench: KillBench, agentIds: readonly string[]): Record<string, number[]> =>
  Object.fromEntries(
    agentIds.map((agentId) => [agentId, symbols.map((symbol) => bench.held(agentId, symbol))]),
  );

function trouble(random: SeededRandom, { broker }: KillBench): void {
  if (random.chance(0.4)) broker.failures.push({ taken: random.chance(0.5), error: brokenConnection });
  if (random.chance(0.3)) broker.failures.push({ taken: false, error: apiError(503) });
  if (random.chance(0.2)) broker.refusals.set(random.pick(symbols), apiError(403, 'account is restricted'));
  if (random.chance(0.2)) broker.listener = null;
}

test.each(seeds)('a kill moves no other book, and its receipt is true: seed %i', async (seed) => {
  const random = seededRandom(seed);
  const { bench, agentIds } = await drawFloor(random);
  const killed = random.pick(agentIds);
  const others = agentIds.filter((agentId) => agentId !== killed);
  const policy = random.pick(KillPolicy.options);
  const before = books(bench, agentIds);
  // An order in work that they share, or one of another agent's alone.
  quoteAll(bench);
  if (random.chance(0.5)) await bench.target(killed, 'AAPL', random.between(-20, 20));
  trouble(random, bench);
  bench.broker.fillTicks = 1_000_000;
  quoteAll(bench);
  const receipt = await bench.kill({ scope: `agent:${killed}`, policy });
  await bench.pass(5_000);

  const after = books(bench, agentIds);
  for (const other of others) expect(after[other]).toEqual(before[other]);
  for (const [at, symbol] of symbols.entries()) {
    const sum = agentIds.reduce((total, agentId) => total + (after[agentId]?.[at] ?? 0), 0);
    expect(bench.store.state().account?.positions[symbol] ?? 0).toBe(shares(sum));
    expect(bench.broker.held.get(symbol) ?? 0).toBe(shares(sum));
  }
  expect(bench.store.state().agents[killed]?.phase).toBe('stopped');
  if (receipt.verified) {
    const left = after[killed] ?? [];
    if (policy === 'flatten') expect(left).toEqual([0, 0, 0]);
    // All at one price: what is kept weighs nothing.
    if (policy === 'keep-hedged') expect(left.reduce((sum, held) => sum + held, 0)).toBe(0);
  } else expect(receipt.items.some(({ state }) => state === 'failed' || state === 'waiting')).toBe(true);
  for (const { state, detail } of receipt.items) {
    expect(state).not.toBe('pending');
    expect(detail).not.toBe('');
  }
});
