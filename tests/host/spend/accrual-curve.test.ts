import { expect, test } from 'vitest';
import type { Sandbox } from '../../../electron/contract/state.ts';
import { accrualCurve } from '../../../electron/host/spend/accrual-curve.ts';

function slot(createdAt: number, endedAt: number | null, postedMicros: number): Sandbox {
  return {
    slotId: 's',
    sandboxId: 'i',
    template: 'base',
    cpuCount: 2,
    memoryMb: 512,
    phase: endedAt === null ? 'ready' : 'ended',
    phaseReason: '',
    requestedAt: createdAt,
    createdAt,
    givenUpAt: null,
    endedAt,
    leaseEndsAt: null,
    sessionStartedAt: null,
    pooled: false,
    reservedMicros: 0,
    postedMicros,
    meteredFrom: createdAt,
  };
}

test('rises over a life, stays level after it, and ends at the total', () => {
  const points = accrualCurve([slot(100, 200, 1_000)], () => 0, 1_000, 0, 400, 5);
  expect(points.map((point) => point.accruedMicros)).toEqual([0, 0, 1_000, 1_000, 1_000]);
});

test('starts from what sandboxes cost that are no longer kept', () => {
  const points = accrualCurve([slot(0, null, 0)], () => 300, 1_000, 0, 300, 4);
  expect(points.map((point) => point.accruedMicros)).toEqual([700, 800, 900, 1_000]);
});

test('never falls', () => {
  const points = accrualCurve(
    [slot(10, 90, 80), slot(50, null, 10)],
    (life) => (life.endedAt === null ? 40 : 0),
    130,
    0,
    200,
    50,
  ).map((point) => point.accruedMicros);
  expect(points).toEqual([...points].sort((a, b) => a - b));
});
