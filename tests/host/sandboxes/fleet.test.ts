import { expect, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { createFleetBench } from '../../support/fleet-bench.ts';

test('a creation that the provider refuses gives its reservation back and says why', async () => {
  const bench = createFleetBench();
  bench.provider.createFailures.push(new DeskError('QUOTA_EXCEEDED', 'too many concurrent sandboxes'));
  const [slotId = ''] = bench.fleet.reserve(1, 'base');
  expect(bench.store.state().spend.reservedMicros).toBeGreaterThan(0);
  await expect(bench.fleet.open(slotId)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  expect(bench.store.state().spend).toMatchObject({ reservedMicros: 0, postedMicros: 0 });
  expect(bench.store.state().sandboxes[slotId]).toMatchObject({
    phase: 'lost',
    phaseReason: 'too many concurrent sandboxes',
  });
});

test('the limit counts what runs, not what is paused, and not a successor', async () => {
  const bench = createFleetBench({ limit: 2 });
  const [first = ''] = await bench.start(2);
  const full = expect.objectContaining({ code: 'QUOTA_EXCEEDED', message: expect.stringContaining('2') });
  expect(() => bench.fleet.reserve(1, 'base')).toThrow(full);
  await bench.fleet.pause(first, 'test');
  expect(bench.fleet.reserve(1, 'base')).toHaveLength(1);
  expect(() => bench.fleet.reserve(1, 'base')).toThrow(full);
  expect(bench.fleet.reserve(1, 'base', { successor: true })).toHaveLength(1);
});

test('a sandbox whose slot was ended meanwhile is ended as soon as it is there', async () => {
  const bench = createFleetBench();
  bench.provider.held = [];
  const [slotId = ''] = bench.fleet.reserve(1, 'base');
  const opening = bench.fleet.open(slotId);
  await vi.advanceTimersByTimeAsync(10);
  await bench.fleet.end(slotId, 'kill');
  bench.provider.held[0]?.();
  await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(bench.provider.sandboxes.size).toBe(0);
  expect(bench.store.state().spend).toMatchObject({ reservedMicros: 0, postedMicros: 0 });
});

test('pausing posts what was used and frees the reservation; time paused is free; resuming reserves again', async () => {
  const bench = createFleetBench();
  const [slotId = ''] = await bench.start();
  await vi.advanceTimersByTimeAsync(60_000);
  await bench.fleet.pause(slotId, 'kept warm');
  const paused = bench.store.state();
  expect(paused.spend.reservedMicros).toBe(0);
  expect(paused.spend.postedMicros).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(bench.meter.accruedMicros()).toBe(paused.spend.postedMicros);
  expect(bench.meter.ratePerHourMicros()).toBe(0);
  bench.store.commit({ kind: 'SandboxPooled', at: Date.now(), slotId, pooled: true });
  expect(bench.fleet.reserve(1, 'base', { warm: true })).toEqual([slotId]);
  expect(bench.store.state().spend.reservedMicros).toBeGreaterThan(0);
  const asleep = bench.provider.sandboxes.get('s1');
  if (asleep) asleep.endAt = Date.now() + 86_400_000;
  await bench.fleet.open(slotId);
  expect(bench.provider.sandboxes.get('s1')).toMatchObject({ state: 'running', endAt: Date.now() + 600_000 });
  expect(bench.meter.ratePerHourMicros()).toBeGreaterThan(0);
});

test('many who ask what the provider has ask it once', async () => {
  const bench = createFleetBench();
  await bench.start();
  bench.provider.calls.length = 0;
  const lists = await Promise.all([bench.fleet.listed(), bench.fleet.listed(), bench.fleet.listed()]);
  expect(lists[2]?.map((listed) => listed.sandboxId)).toEqual(['s1']);
  expect(bench.provider.calls).toEqual(['list']);
  await bench.start();
  expect((await bench.fleet.listed()).map((listed) => listed.sandboxId)).toEqual(['s1', 's2']);
});
