import { describe, expect, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { createFleetBench, type FleetBench } from '../../support/fleet-bench.ts';

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

const unanswered = new DeskError('TIMED_OUT', 'no answer within 30 s');

/** Loses the answer to the next creation; the sandbox appears after `appearsAfterMs`, or never. */
function loseAnswer({ provider }: FleetBench, appearsAfterMs: number | null): void {
  const { create } = provider;
  provider.create = async (request) => {
    provider.create = create;
    if (appearsAfterMs === 0) await create(request);
    else if (appearsAfterMs !== null) setTimeout(() => void create(request), appearsAfterMs);
    throw unanswered;
  };
}

describe('a creation whose answer is lost', () => {
  test('is found at once, kept, and charged from its start', async () => {
    const bench = createFleetBench();
    loseAnswer(bench, 0);
    const [slotId = ''] = bench.fleet.reserve(1, 'base');
    expect((await bench.fleet.open(slotId)).sandboxId).toBe('s1');
    expect(bench.store.state().sandboxes[slotId]).toMatchObject({
      phase: 'ready',
      sandboxId: 's1',
      createdAt: Date.now(),
    });
    await vi.advanceTimersByTimeAsync(120_000);
    expect([...bench.provider.sandboxes.keys()]).toEqual(['s1']);
  });

  test('keeps its reservation until the provider has shown for long enough that nothing runs', async () => {
    const bench = createFleetBench();
    loseAnswer(bench, null);
    const [slotId = ''] = bench.fleet.reserve(1, 'base');
    const { reservedMicros } = bench.store.state().spend;
    await expect(bench.fleet.open(slotId)).rejects.toBe(unanswered);
    await bench.fleet.end(slotId, 'the caller gives up');
    await vi.advanceTimersByTimeAsync(14_000);
    expect(bench.store.state().spend.reservedMicros).toBe(reservedMicros);
    expect(bench.store.state().sandboxes[slotId]).toMatchObject({
      phase: 'creating',
      phaseReason: 'no answer within 30 s',
    });
    await vi.advanceTimersByTimeAsync(7_000);
    expect(bench.store.state().spend).toMatchObject({ reservedMicros: 0, postedMicros: 0 });
    expect(bench.store.state().sandboxes[slotId]).toMatchObject({
      phase: 'lost',
      phaseReason: 'no answer within 30 s; nothing appeared',
    });
    expect(bench.events).toContainEqual(
      expect.objectContaining({ kind: 'SandboxGivenUp', slotId, code: 'TIMED_OUT' }),
    );
  });

  test.each(['list', 'connect'] as const)(
    'is ended and paid for when its sandbox appears after all, also when %s failed at first',
    async (call) => {
      const bench = createFleetBench();
      loseAnswer(bench, call === 'list' ? 0 : 8_000);
      const working = { [call]: bench.provider[call] };
      const fails = () => Promise.reject(new DeskError('SANDBOX_UNAVAILABLE', 'out of reach'));
      Object.assign(bench.provider, { [call]: fails });
      const [slotId = ''] = bench.fleet.reserve(1, 'base');
      await expect(bench.fleet.open(slotId)).rejects.toBe(unanswered);
      await vi.advanceTimersByTimeAsync(4_000);
      expect(bench.store.state().spend.reservedMicros).toBeGreaterThan(0);
      Object.assign(bench.provider, working);
      await vi.advanceTimersByTimeAsync(8_000);
      expect(bench.provider.sandboxes.size).toBe(0);
      expect(bench.store.state().sandboxes[slotId]?.phase).toBe('ended');
      expect(bench.store.state().spend.reservedMicros).toBe(0);
      expect(bench.store.state().spend.postedMicros).toBeGreaterThan(0);
    },
  );

  test('is looked for by the next host, and ended there', async () => {
    const first = createFleetBench();
    loseAnswer(first, 3_000);
    const [slotId = ''] = first.fleet.reserve(1, 'base');
    await expect(first.fleet.open(slotId)).rejects.toBe(unanswered);
    const second = first.restart();
    expect(await second.fleet.reap()).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(second.provider.sandboxes.size).toBe(0);
    expect(second.store.state().sandboxes[slotId]?.phase).toBe('ended');
  });
});

test('an end that comes while the sandbox is being paused posts what it used, once', async () => {
  const bench = createFleetBench();
  const [slotId = ''] = await bench.start();
  await vi.advanceTimersByTimeAsync(60_000);
  const { kill } = bench.provider;
  bench.provider.kill = async (sandboxId) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return kill(sandboxId);
  };
  const ending = bench.fleet.end(slotId, 'test');
  const pausing = bench.fleet.pause(slotId, 'kept warm');
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all([ending, pausing]);
  const { spend } = bench.store.state();
  expect(spend.postedMicros).toBeGreaterThan(0);
  expect(bench.meter.availableMicros()).toBe(
    spend.budgetMicros - spend.exitReserveMicros - spend.postedMicros,
  );
});

test('sandboxes in the cloud outlive the local services: those that ran are ended, the paused ones are kept', async () => {
  const bench = createFleetBench();
  const [running = '', paused = ''] = await bench.start(2);
  await bench.fleet.pause(paused, 'kept warm');
  bench.fleet.disown('the local services died');
  bench.fleet.setProvider(null);
  await vi.advanceTimersByTimeAsync(10);
  const { sandboxes } = bench.store.state();
  expect([sandboxes[running]?.phase, sandboxes[paused]?.phase]).toEqual(['ended', 'paused']);
  expect([...bench.provider.sandboxes.keys()]).toEqual(['s2']);
});
