import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLease, type Lease, type Lifecycle } from '../../../electron/local/sandboxes/lease.ts';
import type { Sandbox } from '../../../electron/local/sandboxes/sandbox.ts';

const startedMs = Date.UTC(2026, 0, 5, 9, 30);
const hourMs = 3_600_000;

/** Only what a lease asks of a sandbox. */
const sandbox = {
  id: 'ileased',
  startedAt: startedMs,
  pause: async () => undefined,
  resume: async () => undefined,
  close: async () => undefined,
} as unknown as Sandbox;

/** A machine whose clock can be set, and which can be put to sleep: timers and running time stand still then. */
let machine: { wallAheadMs: number; ranMs: number };
const clock = {
  now: () => startedMs + machine.ranMs + machine.wallAheadMs,
  running: () => machine.ranMs,
};

async function run(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    machine.ranMs += 100;
    await vi.advanceTimersByTimeAsync(100);
  }
}

/** Timers of some systems go on while it sleeps, so that they are early by what the machine has not run. */
async function sleepWithTimers(ms: number): Promise<void> {
  machine.wallAheadMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

beforeEach(() => {
  machine = { wallAheadMs: 0, ranMs: 5_000 };
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function leaseOf(timeoutMs: number, onTimeout: Lifecycle['onTimeout'] = 'kill') {
  const ends: string[] = [];
  const lease = createLease(
    sandbox,
    {
      timeoutMs,
      maxSessionMs: 10 * hourMs,
      lifecycle: { onTimeout, keepMemory: true, autoResume: false },
    },
    {
      clock,
      admit: () => undefined,
      expired: () => ends.push('expired'),
      report: (bug) => ends.push(String(bug)),
    },
  );
  return { lease, ends };
}

const remaining = (lease: Lease) => lease.endAt() - clock.now();

describe('the time of a sandbox', () => {
  test.each([
    ['forward', hourMs],
    ['back', -hourMs],
  ])('is neither cut nor stretched by a clock that is set %s', async (_direction, jumpMs) => {
    const { lease, ends } = leaseOf(60_000);
    await run(20_000);
    machine.wallAheadMs += jumpMs;
    expect(remaining(lease)).toBe(40_000);
    await run(39_900);
    expect(ends).toEqual([]);
    await run(200);
    expect(ends).toEqual(['expired']);
  });

  test.each([
    ['forward', 20 * hourMs],
    ['back', -20 * hourMs],
  ])('can be moved as before when the clock was set %s', async (_direction, jumpMs) => {
    const { lease, ends } = leaseOf(60_000);
    machine.wallAheadMs += jumpMs;
    lease.extend(30_000);
    expect(remaining(lease)).toBe(60_000);
    lease.extend(90_000);
    expect(remaining(lease)).toBe(90_000);
    lease.setTimeout(100 * hourMs);
    expect(remaining(lease)).toBe(10 * hourMs);
    lease.setTimeout(1_000);
    await run(1_100);
    expect(ends).toEqual(['expired']);
  });

  test('stands still while the machine sleeps, though timers may be early after it', async () => {
    const { lease, ends } = leaseOf(60_000);
    await run(10_000);
    await sleepWithTimers(8 * hourMs);
    expect(ends).toEqual([]);
    expect(remaining(lease)).toBe(50_000);
    await run(50_100);
    expect(ends).toEqual(['expired']);
  });

  test('is over at the first moment a late timer is back', async () => {
    const { lease, ends } = leaseOf(60_000, 'pause');
    // The machine ran, but nothing in the services did.
    machine.ranMs += 600_000;
    expect(lease.state()).toBe('running');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lease.state()).toBe('paused');
    expect(ends).toEqual([]);
    await lease.resume(30_000, true);
    expect(remaining(lease)).toBe(30_000);
  });

  test('is shown as the same moment each time, however the two clocks tick', async () => {
    const { lease } = leaseOf(60_000);
    const shown = new Set<number>();
    for (const driftMs of [0, 0.4, -0.6, 40, -250, 0.5]) {
      machine.wallAheadMs = driftMs;
      shown.add(lease.endAt());
    }
    expect([...shown]).toEqual([startedMs + 65_000]);
  });
});
