import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Sandbox } from '../../../electron/contract/state.ts';
import { createMeter, type Meter } from '../../../electron/host/spend/meter.ts';
import { e2bListCard } from '../../../electron/host/spend/rate-card.ts';
import { createStore, type Store } from '../../../electron/host/store.ts';
import { type Journal, loadNative } from '../../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from '../../local/broker/memory-journal.ts';
import { silent, testClock } from '../../support/fleet-bench.ts';

const size = { cpuCount: 2, memoryMb: 512 };
const leaseMs = 600_000;
const noon = Date.UTC(2026, 2, 2, 12);
const midnight = Date.UTC(2026, 2, 3);

interface Bench {
  readonly store: Store;
  readonly meter: Meter;
  readonly budget: { budgetMicros: number; timeZone: string };
  /** Reserves the lease of a slot and starts its sandbox now. */
  start(slotId: string): void;
  renew(slotId: string, ms?: number, purpose?: 'entry' | 'exit'): void;
  end(slotId: string): number;
  slot(slotId: string): Sandbox;
  /** Another meter on the same record, as after a restart. */
  restart(): Bench;
}

function createBench(budgetMicros = 5_000_000, now = noon): Bench {
  vi.useFakeTimers({ now });
  onTestFinished(() => void vi.useRealTimers());
  return assemble(createMemoryJournal(), { budgetMicros, timeZone: 'UTC' });
}

function assemble(journal: MemoryJournal, budget: Bench['budget']): Bench {
  const store = createStore(journal as MemoryJournal & Journal, silent, () => undefined);
  const meter = createMeter({
    store,
    native: loadNative(),
    clock: testClock,
    card: e2bListCard,
    budget: () => budget,
  });
  meter.rollDay();
  const bench: Bench = {
    store,
    meter,
    budget,
    start(slotId) {
      const at = Date.now();
      const reservedMicros = meter.reserve([slotId], size, leaseMs);
      store.commit({ kind: 'SandboxRequested', at, slotId, template: 'base', ...size, reservedMicros });
      store.commit({
        kind: 'SandboxCreated',
        at,
        slotId,
        sandboxId: slotId.replace('-', ''),
        leaseEndsAt: at + leaseMs,
      });
    },
    renew(slotId, ms = leaseMs, purpose = 'entry') {
      const at = Date.now();
      const sandboxId = slotId.replace('-', '');
      const renewed = meter.renew(bench.slot(slotId), ms, purpose);
      store.commit({ kind: 'SandboxLeaseRenewed', at, sandboxId, leaseEndsAt: at + ms, ...renewed });
    },
    end(slotId) {
      const at = Date.now();
      const sandboxId = slotId.replace('-', '');
      store.commit({ kind: 'SandboxEnding', at, sandboxId, reason: 'test' });
      const postedMicros = meter.settle(bench.slot(slotId));
      store.commit({ kind: 'SandboxEnded', at, slotId, postedMicros });
      return postedMicros;
    },
    slot(slotId) {
      const slot = store.state().sandboxes[slotId];
      if (!slot) throw new Error(`there is no ${slotId}`);
      return slot;
    },
    restart: () => assemble(journal, budget),
  };
  return bench;
}

/** What two processors and half a gibibyte cost at E2B's list price, in micro-dollars: 30.25 a second. */
const priceMicros = (ms: number): number => Math.ceil(ms * 0.03025);

describe('a reservation', () => {
  test('holds the price of the whole lease, and a moment for its end', () => {
    const { meter } = createBench();
    expect(meter.reserve(['slot-1'], size, leaseMs)).toBe(priceMicros(605_000));
    expect(meter.availableMicros()).toBe(5_000_000 - 250_000 - priceMicros(605_000));
  });

  test('is made for all or for none', () => {
    const lease = priceMicros(605_000);
    const { meter } = createBench(Math.ceil((lease * 3) / 0.95));
    const before = meter.availableMicros();
    expect(() => meter.reserve(['slot-1', 'slot-2', 'slot-3', 'slot-4'], size, leaseMs)).toThrow(
      expect.objectContaining({
        code: 'BUDGET_EXCEEDED',
        detail: { wantedMicros: lease * 4, availableMicros: before },
      }),
    );
    expect(meter.availableMicros()).toBe(before);
    meter.reserve(['slot-1', 'slot-2', 'slot-3'], size, leaseMs);
    expect(meter.availableMicros()).toBe(before - lease * 3);
  });

  test('leaves the exit reserve of five percent alone', () => {
    const lease = priceMicros(605_000);
    const { meter } = createBench(lease);
    expect(() => meter.reserve(['slot-1'], size, leaseMs)).toThrow(
      expect.objectContaining({ code: 'BUDGET_EXCEEDED' }),
    );
    expect(createBench(Math.ceil(lease / 0.95)).meter.reserve(['slot-1'], size, leaseMs)).toBe(lease);
  });

  test('is given back whole when nothing was started', () => {
    const { meter } = createBench();
    const before = meter.availableMicros();
    meter.reserve(['slot-1'], size, leaseMs);
    meter.release('slot-1');
    meter.release('slot-1');
    expect(meter.availableMicros()).toBe(before);
  });
});

describe('a sandbox', () => {
  test('is charged by the millisecond for what it used, and the rest is free again', () => {
    const { meter, start, end, store } = createBench();
    const before = meter.availableMicros();
    start('slot-1');
    vi.advanceTimersByTime(61_500);
    expect(end('slot-1')).toBe(priceMicros(61_500));
    expect(meter.availableMicros()).toBe(before - priceMicros(61_500));
    expect(store.state().spend).toMatchObject({ postedMicros: priceMicros(61_500), reservedMicros: 0 });
    expect(meter.settle({ ...e2bSlot, slotId: 'slot-1' })).toBe(0);
  });

  test('is never charged more than its lease', () => {
    const { start, end } = createBench();
    start('slot-1');
    vi.advanceTimersByTime(3_600_000);
    expect(end('slot-1')).toBe(priceMicros(605_000));
  });

  test('whose lease is renewed has posted exactly what it used so far', () => {
    const { meter, start, renew, end, store } = createBench();
    const before = meter.availableMicros();
    start('slot-1');
    vi.advanceTimersByTime(300_000);
    renew('slot-1');
    expect(store.state().spend).toMatchObject({
      postedMicros: priceMicros(300_000),
      reservedMicros: priceMicros(605_000),
    });
    expect(meter.availableMicros()).toBe(before - priceMicros(300_000) - priceMicros(605_000));
    vi.advanceTimersByTime(100_000);
    expect(end('slot-1')).toBe(priceMicros(100_000));
    expect(meter.availableMicros()).toBe(before - priceMicros(300_000) - priceMicros(100_000));
  });

  test('whose renewal does not fit keeps the lease that it has', () => {
    const lease = priceMicros(605_000);
    const { meter, start, renew, end, store } = createBench(Math.ceil((lease * 1.4) / 0.95));
    start('slot-1');
    vi.advanceTimersByTime(300_000);
    const before = meter.availableMicros();
    expect(() => renew('slot-1')).toThrow(expect.objectContaining({ code: 'BUDGET_EXCEEDED' }));
    expect(meter.availableMicros()).toBe(before);
    expect(store.state().spend).toMatchObject({ postedMicros: 0, reservedMicros: lease });
    vi.advanceTimersByTime(100_000);
    expect(end('slot-1')).toBe(priceMicros(400_000));
  });
});

describe('a renewal near the end of the budget', () => {
  test('needs room for what was used and the new lease, not for both leases', () => {
    const needed = priceMicros(300_000) + priceMicros(605_000);
    const exact = createBench(Math.ceil(needed / 0.95));
    exact.start('slot-1');
    vi.advanceTimersByTime(300_000);
    exact.renew('slot-1');
    expect(exact.store.state().spend).toMatchObject({
      postedMicros: priceMicros(300_000),
      reservedMicros: priceMicros(605_000),
    });
    const short = createBench(Math.ceil(needed / 0.95) - 2);
    short.start('slot-1');
    vi.advanceTimersByTime(300_000);
    expect(() => short.renew('slot-1')).toThrow(expect.objectContaining({ code: 'BUDGET_EXCEEDED' }));
  });

  test('of a closing sandbox may use the exit reserve, which is whole again afterwards', () => {
    const bench = createBench(Math.ceil(priceMicros(605_000) / 0.95));
    bench.start('slot-1');
    vi.advanceTimersByTime(590_000);
    const before = bench.meter.availableMicros();
    expect(() => bench.meter.renew(bench.slot('slot-1'), 30_000)).toThrow(
      expect.objectContaining({ code: 'BUDGET_EXCEEDED' }),
    );
    bench.renew('slot-1', 30_000, 'exit');
    const { postedMicros, reservedMicros, budgetMicros, exitReserveMicros } = bench.store.state().spend;
    expect(postedMicros + reservedMicros).toBeGreaterThan(budgetMicros - exitReserveMicros);
    expect(postedMicros + reservedMicros).toBeLessThanOrEqual(budgetMicros);
    bench.end('slot-1');
    expect(bench.meter.availableMicros()).toBe(before + priceMicros(605_000) - priceMicros(590_000));
  });
});

const e2bSlot: Sandbox = {
  slotId: 'slot-0',
  sandboxId: null,
  template: 'base',
  ...size,
  phase: 'ready',
  phaseReason: '',
  requestedAt: 0,
  createdAt: 0,
  givenUpAt: null,
  endedAt: null,
  leaseEndsAt: null,
  sessionStartedAt: null,
  pooled: false,
  reservedMicros: 1,
  postedMicros: 0,
  meteredFrom: 0,
};

test('money spent and promised never exceeds the budget, and only exits touch the exit reserve, whatever is asked', () => {
  const slots = ['slot-1', 'slot-2', 'slot-3', 'slot-4'];
  const step = fc.record({
    does: fc.constantFrom('start', 'renew', 'exit', 'end', 'wait', 'restart'),
    slotId: fc.constantFrom(...slots),
    ms: fc.integer({ min: 0, max: 400_000 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 120_000 }), fc.array(step, { maxLength: 40 }), (budget, steps) => {
      vi.setSystemTime(noon);
      let bench = createBench(budget);
      let hasExit = false;
      const limit = budget - Math.floor(budget * 0.05);
      for (const { does, slotId, ms } of steps) {
        const slot = bench.store.state().sandboxes[slotId];
        const isOpen = slot !== undefined && slot.endedAt === null;
        try {
          if (does === 'start' && !isOpen) bench.start(slotId);
          if (does === 'renew' && isOpen) bench.renew(slotId);
          if (does === 'exit' && isOpen) bench.renew(slotId, 60_000, 'exit');
          if (does === 'end' && isOpen) bench.end(slotId);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' });
        }
        vi.advanceTimersByTime(ms + 1);
        if (does === 'restart') bench = bench.restart();
        const { postedMicros, reservedMicros } = bench.store.state().spend;
        hasExit ||= does === 'exit';
        expect(postedMicros + reservedMicros).toBeLessThanOrEqual(hasExit ? budget : limit);
        if (!hasExit) expect(bench.meter.availableMicros()).toBe(limit - postedMicros - reservedMicros);
        expect(bench.meter.accruedMicros()).toBeLessThanOrEqual(postedMicros + reservedMicros);
      }
    }),
    { numRuns: 150 },
  );
});

describe('at midnight', () => {
  test('what was used of the old day is posted to it, and the new day carries the rest of the lease', () => {
    const bench = createBench(5_000_000, midnight - 200_000);
    bench.start('slot-1');
    vi.setSystemTime(midnight);
    bench.meter.rollDay();
    const split = bench.store.state();
    expect(bench.slot('slot-1')).toMatchObject({
      postedMicros: priceMicros(200_000),
      leaseEndsAt: midnight + 400_000,
      meteredFrom: midnight,
    });
    expect(split.spend).toMatchObject({
      day: '2026-03-03',
      postedMicros: 0,
      reservedMicros: priceMicros(405_000),
    });
    expect(bench.meter.availableMicros()).toBe(4_750_000 - priceMicros(405_000));
  });

  test('nothing is lost: both days together cost what the sandbox cost', () => {
    const bench = createBench(5_000_000, midnight - 200_000);
    bench.start('slot-1');
    vi.setSystemTime(midnight);
    bench.meter.rollDay();
    vi.setSystemTime(midnight + 100_000);
    expect(bench.end('slot-1')).toBe(priceMicros(100_000));
    expect(bench.slot('slot-1').postedMicros).toBe(priceMicros(200_000) + priceMicros(100_000));
    expect(bench.store.state().spend).toMatchObject({
      postedMicros: priceMicros(100_000),
      reservedMicros: 0,
    });
    expect(bench.meter.availableMicros()).toBe(4_750_000 - priceMicros(100_000));
  });

  test('a sandbox that is still being made stays reserved', () => {
    const bench = createBench(5_000_000, midnight - 1_000);
    const reservedMicros = bench.meter.reserve(['slot-1'], size, leaseMs);
    bench.store.commit({
      kind: 'SandboxRequested',
      at: Date.now(),
      slotId: 'slot-1',
      template: 'base',
      ...size,
      reservedMicros,
    });
    vi.setSystemTime(midnight);
    bench.meter.rollDay();
    expect(bench.meter.availableMicros()).toBe(4_750_000 - reservedMicros);
    expect(bench.store.state().spend.reservedMicros).toBe(reservedMicros);
  });

  test('a day starts once', () => {
    const bench = createBench(5_000_000, midnight - 1_000);
    const days: string[] = [];
    bench.store.follow(({ event }) => event.kind === 'BudgetDayStarted' && days.push(event.day));
    for (const now of [midnight - 1, midnight, midnight + 1_000]) {
      vi.setSystemTime(now);
      bench.meter.rollDay();
    }
    expect(days).toEqual(['2026-03-03']);
  });

  test('is midnight in the zone of the operator', () => {
    const bench = createBench(5_000_000, Date.parse('2026-03-02T23:30:00Z'));
    bench.budget.timeZone = 'Europe/Berlin';
    bench.meter.rollDay();
    expect(bench.store.state().spend.day).toBe('2026-03-03');
  });
});

describe('the budget', () => {
  test('that is raised counts what was spent and promised under the old one', () => {
    const bench = createBench(1_000_000);
    bench.start('slot-1');
    vi.advanceTimersByTime(60_000);
    bench.end('slot-1');
    bench.start('slot-2');
    bench.budget.budgetMicros = 2_000_000;
    bench.meter.rollDay();
    expect(bench.meter.availableMicros()).toBe(1_900_000 - priceMicros(60_000) - priceMicros(605_000));
    expect(bench.store.state().spend).toMatchObject({ postedMicros: priceMicros(60_000) });
  });

  test('that is lowered below what is spent admits nothing, and lets what runs be paid', () => {
    const bench = createBench();
    bench.start('slot-1');
    bench.budget.budgetMicros = 100;
    bench.meter.rollDay();
    expect(bench.meter.availableMicros()).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(bench.end('slot-1')).toBe(priceMicros(10_000));
  });
});

describe('after a restart', () => {
  test('reservations are adopted, and settle as before', () => {
    const bench = createBench();
    bench.start('slot-1');
    vi.advanceTimersByTime(60_000);
    bench.end('slot-1');
    bench.start('slot-2');
    const again = bench.restart();
    expect(again.meter.availableMicros()).toBe(bench.meter.availableMicros());
    vi.advanceTimersByTime(30_000);
    expect(again.meter.accruedMicros()).toBe(priceMicros(60_000) + priceMicros(30_000));
    expect(again.end('slot-2')).toBe(priceMicros(30_000));
    expect(again.meter.availableMicros()).toBe(4_750_000 - priceMicros(60_000) - priceMicros(30_000));
  });

  test('on the next day the old day is closed and the reservation carried over', () => {
    const bench = createBench(5_000_000, midnight - 100_000);
    bench.start('slot-1');
    vi.setSystemTime(midnight + 1);
    const again = bench.restart();
    expect(again.store.state().spend).toMatchObject({
      day: '2026-03-03',
      postedMicros: 0,
      reservedMicros: priceMicros(504_999),
    });
    expect(again.meter.availableMicros()).toBe(4_750_000 - priceMicros(504_999));
  });
});

test('the rate is that of the sandboxes that run', () => {
  const bench = createBench();
  bench.start('slot-1');
  bench.start('slot-2');
  expect(bench.meter.ratePerHourMicros()).toBe(2 * priceMicros(3_600_000));
  bench.store.commit({
    kind: 'SandboxPaused',
    at: Date.now(),
    slotId: 'slot-2',
    reason: '',
    postedMicros: bench.meter.settle(bench.slot('slot-2')),
  });
  expect(bench.meter.ratePerHourMicros()).toBe(priceMicros(3_600_000));
});
