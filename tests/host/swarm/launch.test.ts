import { expect, test, vi } from 'vitest';
import { createKillBench } from '../../support/kill-bench.ts';

test('agents whose warm sandbox does not resume get a fresh one, and the record says why', async () => {
  const bench = await createKillBench();
  const [warm = ''] = bench.fleet.reserve(1, 'base');
  await bench.fleet.open(warm);
  await bench.fleet.pause(warm, 'kept warm');
  bench.store.commit({ kind: 'SandboxPooled', at: Date.now(), slotId: warm, pooled: true });
  expect(bench.fleet.reserve(1, 'base', { warm: true })).toEqual([warm]);
  bench.deploy('a', ['AAPL'], warm);
  bench.provider.connect = async () => {
    throw new Error('the snapshot is gone');
  };
  // The provider in memory runs no runner, so the launch in the fresh sandbox fails later.
  const launching = bench.swarm.launch(warm, bench.swarm.agentsIn(warm)).catch(() => undefined);
  await vi.advanceTimersByTimeAsync(20_000);
  await launching;
  expect(bench.store.state().sandboxes[warm]).toMatchObject({
    phase: 'lost',
    phaseReason: 'the snapshot is gone',
  });
  expect(bench.provider.calls).toContain('kill s1');
  expect(bench.provider.calls.filter((call) => call === 'create')).toHaveLength(2);
  const reasons = bench.events('AgentMoved').map((event) => event.reason);
  expect(reasons).toContain('the warm sandbox did not resume: the snapshot is gone');
  const deployed = bench.events('AgentDeployed').map((event) => event.slotId);
  expect(deployed[0]).toBe(warm);
  expect(deployed.at(-1)).not.toBe(warm);
});
