// Samples every running sandbox every five seconds.
import type { SandboxFleet } from '../sandbox-fleet.ts';

const everyMs = 5_000;

/** Starts sampling; the returned function stops it. */
export function sampleFleet(fleet: SandboxFleet, report: (bug: unknown) => void): () => void {
  let isSampling = false;

  async function sampleAll(): Promise<void> {
    if (isSampling) return;
    isSampling = true;
    for (const { sandbox, state } of fleet.all()) {
      if (state() !== 'running') continue;
      // A sandbox may end while it is looked at.
      await sandbox.meter.sample().catch((error: unknown) => {
        if (fleet.get(sandbox.id)?.state() === 'running') report(error);
      });
    }
    isSampling = false;
  }

  const timer = setInterval(() => void sampleAll(), everyMs);
  return () => clearInterval(timer);
}
