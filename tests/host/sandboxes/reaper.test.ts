import { describe, expect, test, vi } from 'vitest';
import { createFleetBench } from '../../support/fleet-bench.ts';

const minute = 60_000;

describe('a later host on the same record', () => {
  test('takes over the sandboxes that still run and renews their leases', async () => {
    const first = createFleetBench();
    const [slotId = ''] = await first.start();
    const second = first.restart();
    expect(() => second.fleet.find('s1')).toThrow(expect.objectContaining({ code: 'SANDBOX_NOT_FOUND' }));
    expect(await second.fleet.reap()).toEqual([slotId]);
    expect(second.fleet.find('s1').slot.slotId).toBe(slotId);
    await vi.advanceTimersByTimeAsync(60 * minute);
    expect(second.provider.sandboxes.has('s1')).toBe(true);
    expect(second.meter.ratePerHourMicros()).toBeGreaterThan(0);
  });

  test('finds the sandbox of a creation whose answer the first one did not live to hear', async () => {
    const first = createFleetBench();
    const [slotId = ''] = first.fleet.reserve(1, 'base');
    await first.provider.create({
      template: 'base',
      metadata: { desk: 'desk-test', slot: slotId },
      timeoutMs: 10 * minute,
    });
    const second = first.restart();
    expect(await second.fleet.reap()).toEqual([slotId]);
    expect(second.store.state().sandboxes[slotId]).toMatchObject({ phase: 'ready', sandboxId: 's1' });
  });

  test('marks what is gone as lost, and charges no more than was reserved', async () => {
    const first = createFleetBench();
    const [slotId = ''] = await first.start();
    const { reservedMicros } = first.store.state().spend;
    first.provider.sandboxes.clear();
    await vi.advanceTimersByTimeAsync(30_000);
    const second = first.restart();
    expect(await second.fleet.reap()).toEqual([]);
    expect(second.gone).toEqual([slotId]);
    const { spend, sandboxes } = second.store.state();
    expect(sandboxes[slotId]).toMatchObject({ phase: 'lost', phaseReason: 'gone at the provider' });
    expect(spend.reservedMicros).toBe(0);
    expect(spend.postedMicros).toBeGreaterThan(0);
    expect(spend.postedMicros).toBeLessThanOrEqual(reservedMicros);
  });

  test('ends what no slot knows, what should have ended, and what runs though it was paused', async () => {
    const first = createFleetBench();
    const [ended = '', paused = ''] = await first.start(2);
    await first.fleet.pause(paused, 'kept warm');
    const pausedBox = first.provider.sandboxes.get('s2');
    if (!pausedBox) throw new Error('s2 is missing');
    pausedBox.state = 'running';
    first.store.commit({ kind: 'SandboxEnding', at: Date.now(), sandboxId: 's1', reason: 'test' });
    await first.provider.create({ template: 'base', metadata: { desk: 'desk-test' }, timeoutMs: minute });
    const foreign = { template: 'base', metadata: { desk: 'another' }, timeoutMs: 10 * minute };
    await first.provider.create(foreign);
    const second = first.restart();
    await second.fleet.reap();
    expect([...second.provider.sandboxes.keys()]).toEqual(['s4']);
    expect(second.fleet.aliveSlots()).toEqual([]);
    expect([ended, paused].map((slotId) => second.store.state().sandboxes[slotId]?.phase)).toEqual([
      'ended',
      'ended',
    ]);
  });

  test('keeps a paused one as it is', async () => {
    const first = createFleetBench();
    const [slotId = ''] = await first.start();
    await first.fleet.pause(slotId, 'kept warm');
    const second = first.restart();
    expect(await second.fleet.reap()).toEqual([]);
    expect(second.store.state().sandboxes[slotId]?.phase).toBe('paused');
    expect(second.provider.sandboxes.get('s1')?.state).toBe('paused');
  });
});

test('nothing of ours runs unknown for longer than a minute', async () => {
  const bench = createFleetBench();
  await bench.fleet.reap();
  await bench.provider.create({ template: 'base', metadata: { desk: 'desk-test' }, timeoutMs: 60 * minute });
  await vi.advanceTimersByTimeAsync(minute + 1_000);
  expect(bench.provider.sandboxes.size).toBe(0);
});

test('a creation under way is nobody’s orphan', async () => {
  const bench = createFleetBench();
  bench.provider.held = [];
  const [slotId = ''] = bench.fleet.reserve(1, 'base');
  const opening = bench.fleet.open(slotId);
  await vi.advanceTimersByTimeAsync(10);
  expect(bench.provider.sandboxes.size).toBe(1);
  expect(await bench.fleet.reap()).toEqual([]);
  expect(bench.gone).toEqual([]);
  bench.provider.held[0]?.();
  await opening;
  await bench.fleet.reap();
  expect(bench.provider.sandboxes.size).toBe(1);
});

test('one that cannot be ended keeps no other alive, and is tried again soon', async () => {
  const bench = createFleetBench();
  const orphan = { template: 'base', metadata: { desk: 'desk-test' }, timeoutMs: 60 * minute };
  await bench.provider.create(orphan);
  await bench.provider.create(orphan);
  const { kill } = bench.provider;
  bench.provider.kill = (sandboxId) =>
    sandboxId === 's1' ? Promise.reject(new Error('not now')) : kill(sandboxId);
  await bench.fleet.reap();
  expect([...bench.provider.sandboxes.keys()]).toEqual(['s1']);
  bench.provider.kill = kill;
  await vi.advanceTimersByTimeAsync(6_000);
  expect(bench.provider.sandboxes.size).toBe(0);
});

test('what was created, or resumed, while the provider listed is left alone', async () => {
  const bench = createFleetBench();
  const [warm = ''] = await bench.start();
  await bench.fleet.pause(warm, 'kept warm');
  bench.store.commit({ kind: 'SandboxPooled', at: Date.now(), slotId: warm, pooled: true });
  const { list } = bench.provider;
  bench.provider.list = async (metadata) => {
    const slotIds = bench.fleet.reserve(2, 'base', { warm: true });
    await Promise.all(slotIds.map((slotId) => bench.fleet.open(slotId)));
    return list(metadata);
  };
  await bench.fleet.reap();
  expect(bench.provider.sandboxes.size).toBe(2);
  expect(bench.fleet.aliveSlots().map((slot) => slot.phase)).toEqual(['ready', 'ready']);
});
