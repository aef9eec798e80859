import { expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { createWarmPool } from '../../../electron/host/sandboxes/warm-pool.ts';
import { createLatency } from '../../../electron/host/watch/latency.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { createFleetBench, silent, testClock } from '../../support/fleet-bench.ts';

function poolBench(size: number, budgetMicros?: number, calmMs = 0) {
  const bench = createFleetBench({}, budgetMicros);
  const wanted = { size };
  const prepare = vi.fn(async () => undefined);
  const pool = createWarmPool({
    store: bench.store,
    clock: testClock,
    log: silent,
    fleet: bench.fleet,
    meter: bench.meter,
    latency: createLatency(loadNative(), testClock),
    size: () => wanted.size,
    calmMs,
    prepare,
  });
  onTestFinished(() => pool.close());
  return { bench, pool, wanted, prepare };
}

test('fills itself with prepared, paused sandboxes that hold no reservation and cost nothing', async () => {
  const { bench, pool, prepare } = poolBench(3);
  await pool.settle();
  expect(pool.status()).toMatchObject({
    size: 3,
    paused: 3,
    running: 0,
    available: true,
    runningPerHourMicros: 0,
  });
  expect(prepare).toHaveBeenCalledTimes(3);
  expect([...bench.provider.sandboxes.values()].map((sandbox) => sandbox.state)).toEqual(
    Array.from({ length: 3 }, () => 'paused'),
  );
  expect(bench.store.state().spend.reservedMicros).toBe(0);
  const posted = bench.meter.accruedMicros();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(bench.meter.accruedMicros()).toBe(posted);
});

test('a deployment takes from it first, and it is filled again', async () => {
  const { bench, pool } = poolBench(2);
  await pool.settle();
  const slotIds = bench.fleet.reserve(3, 'base', { warm: true });
  expect(slotIds.map((slotId) => bench.fleet.isPrepared(slotId))).toEqual([true, true, false]);
  await Promise.all(slotIds.map((slotId) => bench.fleet.open(slotId)));
  expect(bench.opened.filter((kind) => kind === 'resume')).toHaveLength(2);
  expect(pool.status().paused).toBe(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(pool.status().paused).toBe(2);
});

test('says why and leaves nothing running when the provider does not pause; deployments go on without it', async () => {
  const { bench, pool } = poolBench(2);
  bench.provider.pauseRefused = true;
  await pool.settle();
  expect(pool.status()).toMatchObject({ paused: 0, available: false, reason: 'pausing is not served here' });
  expect(bench.provider.sandboxes.size).toBe(0);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(bench.provider.calls.filter((call) => call === 'create')).toHaveLength(1);
  const [slotId = ''] = bench.fleet.reserve(1, 'base', { warm: true });
  await bench.fleet.open(slotId);
  bench.provider.pauseRefused = false;
  pool.keepRunning(0);
  await pool.settle();
  expect(pool.status()).toMatchObject({ paused: 2, available: true });
});

test('keeps some running on request only, and shows what they cost an hour', async () => {
  const { bench, pool } = poolBench(3);
  pool.keepRunning(2);
  await pool.settle();
  const { paused, running, runningPerHourMicros } = pool.status();
  expect([paused, running]).toEqual([1, 2]);
  expect(runningPerHourMicros).toBe(bench.meter.ratePerHourMicros());
  expect(runningPerHourMicros).toBeGreaterThan(0);
  const [slotId = ''] = bench.fleet.reserve(1, 'base', { warm: true });
  expect(bench.store.state().sandboxes[slotId]?.phase).toBe('ready');
  pool.keepRunning(0);
  await pool.settle();
  expect(pool.status()).toMatchObject({ paused: 3, running: 0, runningPerHourMicros: 0 });
});

test('waits until the start has calmed down, and after each reconnection, unless the operator asks', async () => {
  const { bench, pool } = poolBench(2, undefined, 5_000);
  await pool.settle();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(bench.provider.calls).not.toContain('create');
  await vi.advanceTimersByTimeAsync(3_100);
  expect(pool.status().paused).toBe(2);
  bench.fleet.setProvider(null);
  await vi.advanceTimersByTimeAsync(2_000);
  bench.fleet.setProvider(bench.provider);
  bench.fleet.reserve(2, 'base', { warm: true });
  await pool.settle();
  expect(pool.status().paused).toBe(0);
  pool.keepRunning(0);
  await pool.settle();
  expect(pool.status().paused).toBe(2);
});

test('a sandbox that does not resume is ended and its slot is lost by name', async () => {
  const { bench, pool } = poolBench(1);
  await pool.settle();
  const [slotId = ''] = bench.fleet.reserve(1, 'base', { warm: true });
  bench.provider.extendFails = true;
  await expect(bench.fleet.open(slotId)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  expect(bench.provider.sandboxes.size).toBe(0);
  expect(bench.store.state().sandboxes[slotId]).toMatchObject({ phase: 'lost', phaseReason: 'out of reach' });
  expect(bench.store.state().spend.reservedMicros).toBe(0);
});

test('is ended with the host', async () => {
  const { bench, pool } = poolBench(2);
  await pool.settle();
  await bench.fleet.endAll('host stopping');
  expect(bench.provider.sandboxes.size).toBe(0);
});

test('never passes the budget, and waits before it tries again', async () => {
  const { bench, pool } = poolBench(5, 1_000);
  await pool.settle();
  expect(pool.status()).toMatchObject({
    paused: 0,
    available: false,
    reason: expect.stringContaining('budget'),
  });
  expect(bench.provider.calls).not.toContain('create');
});

test('gets smaller when asked, and stays empty while the kill switch is latched', async () => {
  const { bench, pool, wanted } = poolBench(3);
  await pool.settle();
  wanted.size = 1;
  await pool.settle();
  expect(pool.status().paused).toBe(1);
  expect(bench.provider.sandboxes.size).toBe(1);
  wanted.size = 3;
  bench.store.commit({
    kind: 'KillStarted',
    at: Date.now(),
    killId: 'kill-1',
    actor: 'cli',
    policy: 'keep',
    reason: 'test',
    items: [],
  });
  await pool.settle();
  expect(pool.status().paused).toBe(1);
});

test('a sandbox in which the runner does not start is not kept', async () => {
  const { bench, pool, prepare } = poolBench(1);
  prepare.mockRejectedValueOnce(new DeskError('SANDBOX_UNAVAILABLE', 'the runner does not start'));
  await pool.settle();
  expect(bench.provider.sandboxes.size).toBe(0);
  expect(pool.status().reason).toBe('the runner does not start');
  await vi.advanceTimersByTimeAsync(33_000);
  expect(pool.status()).toMatchObject({ paused: 1, available: true });
});

test('what an earlier host left half prepared is ended', async () => {
  const { bench } = poolBench(1);
  const [slotId = ''] = await bench.start();
  bench.store.commit({ kind: 'SandboxPooled', at: Date.now(), slotId, pooled: true });
  const { pool } = {
    pool: createWarmPool({
      store: bench.store,
      clock: testClock,
      log: silent,
      fleet: bench.fleet,
      meter: bench.meter,
      latency: createLatency(loadNative(), testClock),
      size: () => 0,
      calmMs: 0,
      prepare: async () => undefined,
    }),
  };
  onTestFinished(() => pool.close());
  expect(pool.status().running).toBe(0);
  await pool.settle();
  expect(bench.provider.sandboxes.size).toBe(0);
});
