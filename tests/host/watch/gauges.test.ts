import { expect, test, vi } from 'vitest';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import type { DeskState } from '../../../electron/contract/state.ts';
import type { Gauges } from '../../../electron/contract/frames.ts';
import { countAlive, sampleGauges } from '../../../electron/host/watch/gauges.ts';
import { recordFillLatency } from '../../../electron/host/watch/fill-latency.ts';
import { pnlRows } from '../../../electron/host/watch/pnl-report.ts';
import { createLatency } from '../../../electron/host/watch/latency.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { agentDeployed, orderApproved, orderFilled } from '../../support/build-events.ts';
import { createFleetBench, testClock } from '../../support/fleet-bench.ts';
import { heldLease } from '../../support/sample-desk.ts';

interface Sampled {
  readonly state: DeskState;
  readonly gauges: Gauges;
  readonly slotId: string;
}

/** A sample with AAPL at $172 after these events; the agents are in one slot that ran for ten seconds. */
async function sample(
  events: (slotId: string) => DeskEvent[],
  equityMicros: number | null = null,
): Promise<Sampled> {
  const bench = createFleetBench();
  const [slotId = ''] = await bench.start();
  for (const event of events(slotId)) bench.store.commit(event);
  vi.setSystemTime(Date.now() + 10_000);
  const latency = createLatency(loadNative(), testClock);
  for (let index = 0; index < 25; index += 1) latency.record('decision/a', 2, false);
  latency.record('order', 30, false);
  const gauges = sampleGauges({
    store: bench.store,
    clock: testClock,
    latency,
    meter: bench.meter,
    loopDelay: { p99Ms: () => 3, close: () => undefined },
    market: () => ({
      isOpen: true,
      marketAt: 1,
      dataAgeMs: 5,
      quotes: { AAPL: { bidTicks: 1_719_900, askTicks: 1_720_100, lastTicks: 1_720_000, ageMs: 5 } },
    }),
    vitals: () => ({ tickAgeMs: 1, heartbeatAgeMs: 2, decisions: 3, errors: 0, lastDecision: null }),
    equityMicros: () => equityMicros,
    deadMan: () => heldLease,
    work: () => [],
  });
  return { state: bench.store.state(), gauges, slotId };
}

const bought = (agentId: string): DeskEvent[] => [
  orderApproved({ shares: [{ agentId, qtyNanos: 10_000_000_000 }] }),
  orderFilled({
    allocations: [
      { agentId, symbol: 'AAPL', deltaNanos: 4e9, qtyNanos: 4e9, costMicros: 680_000_000, realisedMicros: 0 },
    ],
  }),
];

test('open positions are marked at the last price, by agent and in sum', async () => {
  const { gauges } = await sample((slotId) => [agentDeployed({ agentId: 'a', slotId }), ...bought('a')]);
  expect(gauges.agents['a']).toMatchObject({ unrealisedMicros: 8_000_000, decisions: 3 });
  expect(gauges.pnl).toEqual({ realisedMicros: 0, unrealisedMicros: 8_000_000, todayMicros: null });
});

test('the price of a shared sandbox is split over its agents to the last micro-dollar', async () => {
  const { gauges } = await sample((slotId) =>
    ['a', 'b', 'c', 'd'].map((agentId) => agentDeployed({ agentId, slotId })),
  );
  const parts = Object.values(gauges.agents).map((agent) => agent.infraMicros);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(gauges.spend.accruedMicros);
  expect(gauges.spend.accruedMicros).toBe(303);
  expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
});

test('what agents earn is set against their sandboxes, by agent, strategy and swarm', async () => {
  const { state, gauges } = await sample((slotId) => [
    agentDeployed({ agentId: 'a', slotId }),
    agentDeployed({ agentId: 'b', slotId, strategy: 'mean-reversion', swarmId: 'swarm-2' }),
    ...bought('a'),
  ]);
  const { agents, strategies, swarms, total } = pnlRows(state, gauges);
  expect(agents).toEqual([
    {
      name: 'a',
      agents: 1,
      fills: 1,
      realisedMicros: 0,
      unrealisedMicros: 8_000_000,
      feesMicros: 0,
      infraMicros: 152,
      netMicros: 7_999_848,
    },
    {
      name: 'b',
      agents: 1,
      fills: 0,
      realisedMicros: 0,
      unrealisedMicros: 0,
      feesMicros: 0,
      infraMicros: 151,
      netMicros: -151,
    },
  ]);
  expect(strategies.map(({ name, netMicros }) => [name, netMicros])).toEqual([
    ['momentum', 7_999_848],
    ['mean-reversion', -151],
  ]);
  expect(swarms.map(({ name }) => name)).toEqual(['swarm-1', 'swarm-2']);
  expect(total).toMatchObject({ agents: 2, infraMicros: gauges.spend.accruedMicros, netMicros: 7_999_697 });
});

test('a fill is timed from the approval of its order; orders beside the desk are not timed', async () => {
  const bench = createFleetBench();
  const latency = createLatency(loadNative(), testClock);
  recordFillLatency(bench.store, latency, 'nt-');
  const at = Date.now();
  bench.store.commit(orderApproved({ at }));
  bench.store.commit(orderFilled({ at: at + 80 }));
  bench.store.commit(orderApproved({ at, clientOrderId: 'by-hand' }));
  bench.store.commit(orderFilled({ at: at + 5_000, clientOrderId: 'by-hand', executionId: 'b-2:4' }));
  expect(latency.summary('fill', 3_600)).toMatchObject({ n: 1, maxMs: 80 });
});

test('PnL of today is equity against the first reading of the day, and unknown before either is', async () => {
  const read: DeskEvent = { kind: 'AccountRead', at: 1, equityMicros: 90, cashMicros: 90, positions: [] };
  expect((await sample(() => [], 100)).gauges.pnl.todayMicros).toBeNull();
  expect((await sample(() => [read], 100)).gauges.pnl.todayMicros).toBe(10);
  expect((await sample(() => [read], null)).gauges.pnl.todayMicros).toBeNull();
});

test('latencies come from what was measured, and what was not is null', async () => {
  const { gauges } = await sample((slotId) => [
    agentDeployed({ agentId: 'a', slotId }),
    agentDeployed({ agentId: 'b', slotId }),
  ]);
  expect(gauges.agents['a']?.decision).toMatchObject({ n: 25, p95Ms: expect.closeTo(2, 1), p99Ms: null });
  expect(gauges.agents['b']?.decision).toMatchObject({ n: 0, p50Ms: null });
  expect(gauges.intentToOrder).toMatchObject({ n: 1, maxMs: 30, p95Ms: null });
  expect(gauges.sla.map((row) => row.n)).toEqual([0, 0, 0, 0]);
});

test('a demo is marked as simulated, with the rate card by name', async () => {
  const { gauges } = await sample(() => []);
  expect(gauges.spend).toMatchObject({
    simulated: true,
    rateCard: expect.stringMatching(/^e2b-list \d{4}-\d{2}/),
  });
  expect(gauges.spend.ratePerHourMicros).toBe(108_900);
});

test('agents that stopped or failed are not counted as alive', async () => {
  const bench = createFleetBench();
  for (const agentId of ['a', 'b', 'c']) bench.store.commit(agentDeployed({ agentId }));
  bench.store.commit({ kind: 'AgentMoved', at: 1, agentId: 'a', phase: 'failed', reason: '' });
  bench.store.commit({ kind: 'AgentMoved', at: 1, agentId: 'b', phase: 'stopping', reason: '' });
  bench.store.commit({ kind: 'AgentMoved', at: 1, agentId: 'b', phase: 'stopped', reason: '' });
  expect(countAlive(bench.store.state().agents)).toBe(1);
});

test("fees lower what is left: the agents' own in their rows, what no sale explains in the total", async () => {
  const { state, gauges } = await sample((slotId) => [
    { kind: 'AccountRead', at: 1, equityMicros: 1, cashMicros: 1, positions: [] },
    agentDeployed({ agentId: 'a', slotId }),
  ]);
  const { a } = state.agents;
  if (!a || !state.account) throw new Error('the sample has an agent and an account');
  const charged = {
    ...state,
    agents: { a: { ...a, feesMicros: 30 } },
    account: { ...state.account, unsharedFeesMicros: 5 },
  };
  const free = pnlRows(state, gauges);
  const { agents, total } = pnlRows(charged, gauges);
  expect(agents[0]).toMatchObject({ feesMicros: 30, netMicros: Number(free.agents[0]?.netMicros) - 30 });
  expect(total).toMatchObject({ feesMicros: 35, netMicros: free.total.netMicros - 35 });
});
