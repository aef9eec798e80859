import { expect, test } from 'vitest';
import { createKillBench } from '../../support/kill-bench.ts';

test('agents whose runner is lost are told of as they were, before they are started anywhere else', async () => {
  const bench = await createKillBench();
  const slotId = await bench.deployIn('a');
  const other = await bench.deployIn('b');
  bench.swarm.loseSlot(slotId, 'no heartbeat for 31 s');
  expect(bench.lost).toEqual(['a, running: no heartbeat for 31 s']);
  expect(bench.store.state().agents['a']?.phase).toBe('failed');
  expect(bench.store.state().agents['b']?.slotId).toBe(other);
});

test('so are all of them when everything that carries them dies', async () => {
  const bench = await createKillBench();
  await bench.deployIn('a');
  await bench.deployIn('b');
  bench.swarm.loseAll('the local services died');
  expect(bench.lost).toEqual(['a, running: the local services died', 'b, running: the local services died']);
});
