import { expect, test } from 'vitest';
import { createDeadManHandlers } from '../../../electron/host/handlers/dead-man-handlers.ts';
import { createEntryHandlers } from '../../../electron/host/handlers/entry-handlers.ts';
import type { HostParts } from '../../../electron/host/host-parts.ts';
import { createDeadManBench } from '../../support/dead-man-bench.ts';
import { testClock } from '../../support/fleet-bench.ts';

const context = { actor: 'cli' as const, signal: new AbortController().signal };

test('a drill on LIVE needs the number of the account, whatever the caller asked before', async () => {
  const { deadMan, store, ...bench } = createDeadManBench();
  store.commit({
    kind: 'AccountChosen',
    at: Date.now(),
    actor: 'cli',
    account: 'live',
    accountNumber: '123456',
  });
  await bench.connect();
  await bench.pass(500);
  const drill = createDeadManHandlers({ store, deadMan })['deadman.drill'];
  for (const confirm of [undefined, '', '12345'])
    await expect(
      drill({ after: 5, ...(confirm !== undefined && { confirm }) }, context),
    ).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
    });
  expect(deadMan.gauge()).toMatchObject({ phase: 'held', drilling: false });
  const drilling = drill({ after: 5, confirm: '123456' }, context);
  await bench.pass(20_000);
  expect(await drilling).toMatchObject({ mode: 'live', drill: true, outcome: { confirmed: true } });
});

test('the board shows the lease, its facts and what it did last', async () => {
  const { deadMan, store, ...bench } = createDeadManBench();
  await bench.connect();
  await bench.pass(500);
  const show = createDeadManHandlers({ store, deadMan })['deadman.show'];
  expect(await show({}, context)).toMatchObject({
    mode: 'demo',
    phase: 'held',
    blocking: false,
    lastDrill: null,
  });
  const drilling = deadMan.drill(1_000);
  await bench.pass(20_000);
  const { firingId } = await drilling;
  expect(await show({}, context)).toMatchObject({
    blocking: true,
    lastFiring: null,
    lastDrill: { firingId },
  });
});

test('entries that it has blocked are not allowed again while a fact of health is missing', async () => {
  const { deadMan, store, trading, ...bench } = createDeadManBench();
  await bench.connect();
  await bench.pass(500);
  const parts: Partial<HostParts> = {
    store,
    trading,
    deadMan,
    clock: testClock,
    rebalanceAll: () => undefined,
  };
  const { 'swarm.unblock': unblock } = createEntryHandlers(parts as HostParts);
  bench.broker.listener = null;
  await bench.pass(20_000);
  expect(store.state().entries.kind).toBe('blocked');
  expect(() => unblock({}, context)).toThrow(
    expect.objectContaining({ code: 'DEAD_MAN_NOT_HELD', message: expect.stringContaining('order stream') }),
  );
  expect(store.state().entries.kind).toBe('blocked');
  await bench.connect();
  await bench.pass(15_000);
  expect(await unblock({}, context)).toEqual({ entries: 'open' });
  await bench.pass(1_000);
  expect(deadMan.covers()).toBe(true);
});
