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
  await vi.waitFor(() => {
    block(60);
    vi.advanceTimersByTime(10_000);
    expect(delay.p99Ms()).toBeGreaterThan(30);
  });
});
