// How long the host's event loop keeps others waiting, over the last ten seconds.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;
const windowMs = 10_000;

export interface LoopDelay {
  /** P99 in milliseconds over the last full window, beyond the sampling interval itself; null in the first seconds. */
  p99Ms(): number | null;
  close(): void;
}

/** Starts sampling. */
export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  let last: number | null = null;
  histogram.enable();
  const timer = setInterval(() => {
    last = Math.max(0, histogram.percentile(99) / 1e6 - resolutionMs);
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    p99Ms: () => last,
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
