import { describe, expect, test } from 'vitest';
import { createLease } from '../../../../electron/host/trading/dead-man/lease.ts';

function held(ms = 15_000) {
  const clock = { wall: 1_000_000, monotonic: 0, now: () => clock.wall, monotonicMs: () => clock.monotonic };
  const told: (number | null)[] = [];
  const lease = createLease(clock, (leftMs) => told.push(leftMs));
  lease.grant(ms);
  return {
    lease,
    told,
    pass(wallMs: number, monotonicMs = wallMs) {
      clock.wall += wallMs;
      clock.monotonic += monotonicMs;
    },
  };
}

describe('a lease', () => {
  test('has nothing left before it is granted and after it is dropped', () => {
    const { lease, told } = held();
    lease.drop();
    expect([lease.remainingMs(), lease.renew(15_000), told]).toEqual([null, false, [15_000, null]]);
  });

  test('counts down, and begins anew with each renewal', () => {
    const { lease, pass } = held();
    pass(14_999);
    expect(lease.remainingMs()).toBe(1);
    expect(lease.renew(15_000)).toBe(true);
    expect(lease.remainingMs()).toBe(15_000);
  });

  test('that has run out is not renewed, however healthy the one who asks', () => {
    const { lease, pass } = held();
    pass(15_000);
    expect(lease.renew(15_000)).toBe(false);
    pass(2_000);
    expect([lease.remainingMs(), lease.overdueMs()]).toEqual([0, 2_000]);
  });

  test('has run out after a sleep, in which the monotonic clock stood still', () => {
    const { lease, pass } = held();
    pass(3_600_000, 10);
    expect([lease.remainingMs(), lease.renew(15_000)]).toEqual([0, false]);
  });

  test('runs out although the wall clock was set back', () => {
    const { lease, pass } = held();
    pass(-86_400_000, 15_000);
    expect(lease.remainingMs()).toBe(0);
  });

  test('is shortened and never lengthened by a drill', () => {
    const { lease, pass } = held();
    lease.shorten(5_000);
    expect(lease.remainingMs()).toBe(5_000);
    pass(4_000);
    lease.shorten(5_000);
    expect(lease.remainingMs()).toBe(1_000);
  });
});
