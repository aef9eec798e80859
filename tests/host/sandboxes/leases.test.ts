import { describe, expect, test, vi } from 'vitest';
import { rollOverLeadMs } from '../../../electron/host/sandboxes/leases.ts';
import { createFleetBench } from '../../support/fleet-bench.ts';

const minute = 60_000;

describe('a lease', () => {
  test("is the provider's timeout, is renewed at half time, and what was used is posted", async () => {
    const bench = createFleetBench({ leaseMs: 10 * minute });
    const [slotId = ''] = await bench.start();
    const sandbox = bench.provider.sandboxes.get('s1');
    expect(sandbox?.endAt).toBe(Date.now() + 10 * minute);
    const { reservedMicros } = bench.store.state().spend;
    expect(reservedMicros).toBe(bench.meter.leaseMicros({ cpuCount: 2, memoryMb: 512 }, 10 * minute));

    await vi.advanceTimersByTimeAsync(4.9 * minute);
    expect(bench.provider.calls.filter((call) => call.startsWith('extend'))).toEqual([]);
    await vi.advanceTimersByTimeAsync(0.2 * minute);
    const slot = bench.store.state().sandboxes[slotId];
    expect(slot?.leaseEndsAt).toBe(sandbox?.endAt);
    expect(sandbox?.endAt).toBeGreaterThan(Date.now() + 9.8 * minute);
    expect(bench.store.state().spend.reservedMicros).toBe(reservedMicros);
    expect(slot?.postedMicros).toBeGreaterThan(0);

    await vi.advanceTimersByTimeAsync(60 * minute);
    expect(bench.provider.sandboxes.has('s1')).toBe(true);
  });

  test('that the budget refuses is not renewed, and the slot is to be drained before the provider ends it', async () => {
    const lease = 10 * minute;
    // Room for one lease, not for what was used and another one.
    const bench = createFleetBench({ leaseMs: lease }, 25_000);
    const [slotId = ''] = await bench.start();
    await vi.advanceTimersByTimeAsync(5 * minute + 2_000);
    expect(bench.refused[0]).toEqual([slotId, expect.stringContaining('budget')]);
    expect(bench.provider.sandboxes.get('s1')?.endAt).toBeGreaterThan(Date.now());
    expect(bench.events.some((event) => event.kind === 'SandboxLeaseRenewed')).toBe(false);
  });

  test('of a slot that is wound down goes on in short pieces from the exit reserve', async () => {
    // Room for one lease; only with the exit reserve for a minute more.
    const bench = createFleetBench({ leaseMs: 10 * minute }, 20_000);
    const [slotId = ''] = await bench.start();
    await vi.advanceTimersByTimeAsync(9.9 * minute);
    expect(bench.refused.map(([refused]) => refused)).toEqual([slotId]);
    const { spend } = bench.store.state();
    expect(bench.provider.sandboxes.get('s1')?.endAt).toBeGreaterThan(Date.now() + 0.3 * minute);
    expect(spend.postedMicros + spend.reservedMicros).toBeGreaterThan(
      spend.budgetMicros - spend.exitReserveMicros,
    );
    expect(spend.postedMicros + spend.reservedMicros).toBeLessThanOrEqual(spend.budgetMicros);
  });

  test('reaches the provider late when a call fails, and costs one renewal only', async () => {
    const bench = createFleetBench({ leaseMs: 10 * minute });
    await bench.start();
    bench.provider.extendFails = true;
    await vi.advanceTimersByTimeAsync(5 * minute + 5_000);
    bench.provider.extendFails = false;
    await vi.advanceTimersByTimeAsync(2_000);
    const [slot] = bench.fleet.aliveSlots();
    expect(bench.provider.sandboxes.get('s1')?.endAt).toBe(slot?.leaseEndsAt);
    expect(bench.events.filter((event) => event.kind === 'SandboxLeaseRenewed')).toHaveLength(1);
  });

  test('of a host that died ends by itself at the provider', async () => {
    const bench = createFleetBench({ leaseMs: 10 * minute });
    await bench.start();
    bench.fleet.close();
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(await bench.provider.list({})).toEqual([]);
  });
});

describe('a session', () => {
  test('is handed to a successor once, before its cap', async () => {
    const bench = createFleetBench({ maxSessionMs: 60 * minute });
    const asked: number[] = [];
    const [slotId = ''] = await bench.start();
    const startedAt = Date.now();
    bench.onSessionEnding = async () => void asked.push(Date.now() - startedAt);
    await vi.advanceTimersByTimeAsync(54 * minute);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeLessThan(60 * minute - rollOverLeadMs(60 * minute) + 2_000);
    expect(bench.refused).toEqual([]);
    await bench.fleet.end(slotId, 'handed over');
  });

  test('that finds no successor is tried again, then drained while there is still time', async () => {
    const bench = createFleetBench({ maxSessionMs: 60 * minute });
    const [slotId = ''] = await bench.start();
    const startedAt = Date.now();
    const asked = vi.fn(() => Promise.reject(new Error('no room')));
    bench.onSessionEnding = asked;
    await vi.advanceTimersByTimeAsync(59 * minute);
    expect(asked.mock.calls.length).toBeGreaterThan(1);
    expect(bench.refused).toEqual([[slotId, expect.stringContaining('no room')]]);
    expect(Date.now() - startedAt).toBeLessThan(60 * minute);
  });

  test('never leases beyond its cap', async () => {
    const bench = createFleetBench({ maxSessionMs: 12 * minute, leaseMs: 10 * minute });
    await bench.start();
    const cap = Date.now() + 12 * minute;
    await vi.advanceTimersByTimeAsync(11.9 * minute);
    const [slot] = bench.fleet.aliveSlots();
    expect(slot?.leaseEndsAt).toBeLessThanOrEqual(cap);
    expect(bench.provider.sandboxes.get('s1')?.endAt).toBeLessThanOrEqual(cap);
    expect(bench.events.filter((event) => event.kind === 'SandboxLeaseRenewed')).toHaveLength(1);
  });
});
