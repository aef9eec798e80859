// Samples every running sandbox every five seconds, and looks at their disks sooner when the machine's fills.
import { statfs } from 'node:fs/promises';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';

const sampleEveryMs = 5_000;
const watchEveryMs = 250;
/** What all sandboxes may write together before their disks are looked at. */
const unwatchedBytes = 32 * 1024 * 1024;

/** Starts sampling the sandboxes below a directory; the returned function stops it. */
export function sampleFleet(
  fleet: SandboxFleet,
  directory: string,
  report: (bug: unknown) => void,
): () => void {
  let isSampling = false;
  let isWatching = false;
  let lookedAtFree = 0;

  async function visit(act: (sandbox: Sandbox) => Promise<unknown>): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const { sandbox, state } of fleet.all()) {
      if (state() !== 'running') continue;
      // A sandbox may end while it is looked at.
      const answer = act(sandbox).catch((error: unknown) => {
        if (fleet.get(sandbox.id)?.state() === 'running') report(error);
      });
      answers.push(await answer);
    }
    return answers;
  }

  async function sampleAll(): Promise<void> {
    if (isSampling) return;
    isSampling = true;
    await visit(async ({ meter, diskLimit }) => {
      await meter.sample();
      await diskLimit.enforce();
    });
    isSampling = false;
  }

  // One question for all of them, which costs nothing while nobody writes.
  async function watchDisk(): Promise<void> {
    if (isWatching) return;
    isWatching = true;
    const free = await freeBytes(directory);
    lookedAtFree = Math.max(lookedAtFree, free);
    if (lookedAtFree - free >= unwatchedBytes) {
      const areFull = await visit(({ diskLimit }) => diskLimit.enforce());
      // While one is too full it is looked at again at once.
      if (!areFull.includes(true)) lookedAtFree = free;
    }
    isWatching = false;
  }

  const timers = [
    setInterval(() => void sampleAll(), sampleEveryMs),
    setInterval(() => void watchDisk().catch(report), watchEveryMs),
  ];
  return () => timers.forEach(clearInterval);
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
