import { expect, test, vi } from 'vitest';
import type { Agent } from '../../../electron/contract/state.ts';
import { reattachAgents, type ReattachParts } from '../../../electron/host/swarm/reattach-agents.ts';
import { takeOverAfterCrash } from '../../../electron/host/swarm/take-over.ts';
import { createFleetBench, type FleetBench, testClock } from '../../support/fleet-bench.ts';

/** A host that died with one running agent, and the next host after its reaping. */
async function afterCrash(): Promise<{
  bench: FleetBench;
  slotId: string;
  lost: Agent[];
  adopted: string[];
  launch: ReturnType<typeof vi.fn<ReattachParts['launch']>>;
  parts: ReattachParts;
}> {
  const first = createFleetBench();
  const [slotId = ''] = await first.start(2);
  const at = Date.now();
  first.store.commit({
    kind: 'AgentDeployed',
    at,
    agentId: 'momentum-01',
    swarmId: 'swarm-1',
    strategy: 'momentum',
    symbols: ['AAPL'],
    params: { fast: 2, slow: 5 },
    slotId,
    mode: 'demo',
    maxPositionMicros: 1,
    plannedEndAt: at + 3_600_000,
    actor: 'cli',
  });
  const target = { agentId: 'momentum-01', symbol: 'AAPL', qtyNanos: 7, priceTicks: 1, reason: '' };
  first.store.commit({ kind: 'TargetSet', at, ...target });
  const bench = first.restart();
  const lost = takeOverAfterCrash(bench.store, testClock);
  const adopted = await bench.fleet.reap();
  const launch = vi.fn<ReattachParts['launch']>(async () => undefined);
  const parts: ReattachParts = {
    store: bench.store,
    clock: testClock,
    fleet: bench.fleet,
    launch,
    agentsIn: (slot) => Object.values(bench.store.state().agents).filter((agent) => agent.slotId === slot),
    endSlot: (slot, reason) => bench.fleet.end(slot, reason),
    onFailed: (_slotId, error) => {
      throw error;
    },
  };
  return { bench, slotId, lost, adopted, launch, parts };
}

test('agents go on in the sandbox that outlived their host, with their targets, after the old runner is ended', async () => {
  const { bench, slotId, lost, adopted, launch, parts } = await afterCrash();
  expect(bench.store.state().agents['momentum-01']?.phase).toBe('failed');
  expect(adopted).toContain(slotId);
  await reattachAgents(parts, adopted, lost);
  expect(launch.mock.calls.map(([slot, agents]) => [slot, agents.map((agent) => agent.agentId)])).toEqual([
    [slotId, ['momentum-01']],
  ]);
  expect(bench.store.state().agents['momentum-01']).toMatchObject({
    phase: 'deploying',
    slotId,
    targets: { AAPL: { qtyNanos: 7 } },
  });
  expect(bench.provider.calls).toContain('exec s1');
  expect(bench.provider.calls).not.toContain('exec s2');
  expect(bench.provider.calls.filter((call) => call === 'create')).toHaveLength(2);
});

test('nothing restarts while entries are blocked: the sandbox ends', async () => {
  const { bench, lost, adopted, launch, parts } = await afterCrash();
  bench.store.commit({ kind: 'EntriesBlocked', at: Date.now(), actor: 'cli', reason: 'test' });
  await reattachAgents(parts, adopted, lost);
  expect(launch).not.toHaveBeenCalled();
  expect([...bench.provider.sandboxes.keys()]).toEqual(['s2']);
  expect(bench.store.state().agents['momentum-01']?.phase).toBe('failed');
});
