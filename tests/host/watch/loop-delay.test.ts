import { expect, onTestFinished, test, vi } from 'vitest';
import { watchLoopDelay } from '../../../electron/host/watch/loop-delay.ts';

/** Keeps the event loop from everybody else. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until) Math.sqrt(until);
}

test('says nothing before a window is full, then how long others were kept waiting', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const delay = watchLoopDelay();
  onTestFinished(() => delay.close());
  vi.advanceTimersByTime(9_999);
  expect(delay.p99Ms()).toBeNull();
  let looks = 0;
  await vi.waitFor(
    () => {
      looks += 1;
      // What blocks now is measured by the next look.
      if (looks % 2 === 1) block(60);
      else vi.advanceTimersByTime(10_000);
      expect(delay.p99Ms()).toBeGreaterThan(30);
    },
    { interval: 100, timeout: 5_000 },
  );
});
