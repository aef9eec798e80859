import { expect, test, vi } from 'vitest';
import { createAnswerCache } from '../../../electron/host/sandboxes/answer-cache.ts';

function cacheOf(ask: (key: string) => Promise<number>) {
  const clock = { at: 0, now: () => clock.at, monotonicMs: () => clock.at };
  return { clock, cache: createAnswerCache(clock, 2_000, ask) };
}

test('asks once for those who ask together and for those who ask soon after', async () => {
  const ask = vi.fn(() => Promise.resolve(7));
  const { cache, clock } = cacheOf(ask);
  expect(await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')])).toEqual([7, 7, 7]);
  clock.at = 1_999;
  await cache.get('a');
  expect(ask).toHaveBeenCalledTimes(1);
  clock.at = 2_000;
  await cache.get('a');
  expect(ask).toHaveBeenCalledTimes(2);
});

test('asks again after a change, a failure, and for another key', async () => {
  const ask = vi.fn((key: string) => (key === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve(1)));
  const { cache } = cacheOf(ask);
  await cache.get('a');
  cache.clear();
  await cache.get('a');
  await cache.get('b');
  expect(ask).toHaveBeenCalledTimes(3);
  await expect(cache.get('bad')).rejects.toThrow('no');
  await expect(cache.get('bad')).rejects.toThrow('no');
  expect(ask).toHaveBeenCalledTimes(5);
});
