import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { createCreationQueue } from '../../../electron/host/sandboxes/creation-queue.ts';
import { silent, testClock } from '../../support/fleet-bench.ts';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

function queueOf(createsPerSecond: number, createConcurrency = 16) {
  return createCreationQueue({
    clock: testClock,
    log: silent,
    limits: () => ({ createsPerSecond, createConcurrency }),
  });
}

test('keeps the rate of the plan', async () => {
  const queue = queueOf(2);
  const startedAt = testClock.monotonicMs();
  const at: number[] = [];
  const all = Promise.all(
    Array.from({ length: 6 }, () =>
      queue.add(async () => void at.push(Math.round(testClock.monotonicMs() - startedAt))),
    ),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  await all;
  expect(at).toEqual([0, 0, 500, 1_000, 1_500, 2_000]);
});

test('runs no more than the allowed creations at the same time', async () => {
  const queue = queueOf(1_000, 3);
  let running = 0;
  let most = 0;
  const all = Promise.all(
    Array.from({ length: 10 }, () =>
      queue.add(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 100));
        running -= 1;
      }),
    ),
  );
  await vi.advanceTimersByTimeAsync(5_000);
  await all;
  expect(most).toBe(3);
});

test('waits after a rate refusal, all of it, and tries again', async () => {
  const queue = queueOf(100);
  const at: number[] = [];
  let refusals = 2;
  const startedAt = testClock.monotonicMs();
  const first = queue.add(async () => {
    at.push(testClock.monotonicMs() - startedAt);
    if (refusals > 0) {
      refusals -= 1;
      throw new DeskError('RATE_LIMITED', 'too fast');
    }
    return 'made';
  });
  await vi.advanceTimersByTimeAsync(10);
  const second = queue.add(async () => at.push(-1));
  await vi.advanceTimersByTimeAsync(900);
  expect(at).toEqual([0]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await first).toBe('made');
  await second;
  expect(at.filter((ms) => ms >= 0).map((ms) => Math.round(ms / 100) * 100)).toEqual([0, 1_000, 3_000]);
});

test('gives a rate refusal up after five attempts and passes a quota refusal on at once', async () => {
  const queue = queueOf(100);
  const create = vi.fn(() => Promise.reject(new DeskError('RATE_LIMITED', 'too fast')));
  const refused = queue.add(create).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await refused).toMatchObject({ code: 'RATE_LIMITED' });
  expect(create).toHaveBeenCalledTimes(5);
  const full = vi.fn(() => Promise.reject(new DeskError('QUOTA_EXCEEDED', 'full')));
  await expect(queue.add(full)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  expect(full).toHaveBeenCalledTimes(1);
});

test('tells when further creations are done: by the rate, by the places, and behind what waits', async () => {
  expect(Math.round(queueOf(1).etaMs(5, 300))).toBe(4_300);
  expect(queueOf(100, 2).etaMs(5, 300)).toBe(900);
  expect(queueOf(1).etaMs(0, 300)).toBe(0);
  const busy = queueOf(1);
  const waiting = Array.from({ length: 4 }, () => busy.add(async () => undefined));
  await vi.advanceTimersByTimeAsync(1);
  expect(Math.round(busy.etaMs(1, 300) / 100) * 100).toBe(4_300);
  await vi.advanceTimersByTimeAsync(10_000);
  await Promise.all(waiting);
});

test('cancels what waits when it is closed', async () => {
  const queue = queueOf(1);
  const create = vi.fn(async () => undefined);
  const results = Promise.allSettled([queue.add(create), queue.add(create), queue.add(create)]);
  await vi.advanceTimersByTimeAsync(1);
  queue.close();
  const codes = (await results).map((result) =>
    result.status === 'rejected' ? (result.reason as DeskError).code : 'made',
  );
  expect(codes).toEqual(['made', 'CANCELLED', 'CANCELLED']);
  expect(create).toHaveBeenCalledTimes(1);
});
