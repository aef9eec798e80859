import { expect, test } from 'vitest';
import { createTokenBucket } from '../../../electron/host/sandboxes/token-bucket.ts';

function bucketOf(perSecond: number) {
  const clock = { at: 10_000, now: () => clock.at, monotonicMs: () => clock.at };
  return { clock, bucket: createTokenBucket(clock, () => perSecond) };
}

test('a second of tokens is there at once, then one an interval', () => {
  const { bucket } = bucketOf(5);
  expect(Array.from({ length: 8 }, () => Math.round(bucket.take()))).toEqual([0, 0, 0, 0, 0, 200, 400, 600]);
});

test('one a second means one a second', () => {
  const { bucket, clock } = bucketOf(1);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 1_000, 2_000]);
  clock.at += 10_000;
  expect([bucket.take(), bucket.take()]).toEqual([0, 1_000]);
});

test('tells the wait for the nth token without taking any', () => {
  const { bucket } = bucketOf(2);
  expect([1, 2, 3, 5].map((nth) => bucket.waitFor(nth))).toEqual([0, 0, 500, 1_500]);
  expect(bucket.take()).toBe(0);
});

test('gives nothing out while it is held', () => {
  const { bucket, clock } = bucketOf(10);
  bucket.hold(3_000);
  expect(bucket.take()).toBe(3_000);
  clock.at += 3_000;
  expect(bucket.take()).toBe(0);
});
