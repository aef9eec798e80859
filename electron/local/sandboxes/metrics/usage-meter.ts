// What one sandbox used over the last hour.
import { Code, ConnectError } from '@connectrpc/connect';
import type { Clock } from '../clock.ts';
import type { ProcessUsage } from '../isolation/enclosure.ts';
import type { SandboxSize } from '../../../contract/local-services.ts';
import { diskUsage } from './disk-usage.ts';

/** An hour of samples. */
const mostSamples = 720;
/** Looking at a large disk may take at most this share of the time. */
const diskShare = 0.05;

export interface UsageSample {
  readonly atMs: number;
  /** 0..100, of all the processors the sandbox has. */
  readonly cpuUsedPct: number;
  readonly memoryBytes: number;
  readonly cacheBytes: number;
  readonly diskBytes: number;
}

export interface UsageMeter {
  /** Adds a sample of now. */
  sample(): Promise<UsageSample>;
  /** Returns the samples of a span of epoch milliseconds, both ends included. */
  between(startMs: number, endMs: number): UsageSample[];
  /** Looks at the disk, or recalls the last look while another would take too large a share of the time. */
  diskBytes(): Promise<number>;
  /** Takes room on the disk for an upload. Throws `resource_exhausted` when there is none left. */
  takeRoom(bytes: number): void;
}

export interface UsageMeterOptions {
  /** The directory that is `/` for the sandbox. */
  readonly root: string;
  readonly size: SandboxSize;
  readonly clock: Clock;
  readonly usage: () => Promise<ProcessUsage>;
}

export function createUsageMeter({ root, size, clock, usage }: UsageMeterOptions): UsageMeter {
  const samples: UsageSample[] = [];
  let before = { runningMs: clock.running(), cpuMs: 0 };
  let disk = { bytes: 0, nextLookMs: 0 };
  /** Uploaded since the disk was looked at. */
  let uploaded = 0;

  let looking: Promise<number> | undefined;

  async function diskBytes(): Promise<number> {
    if (clock.running() < disk.nextLookMs) return disk.bytes;
    looking ??= lookAtDisk().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookAtDisk(): Promise<number> {
    const startedAt = clock.running();
    const alreadyUploaded = uploaded;
    const bytes = await diskUsage(root);
    const tookMs = clock.running() - startedAt;
    uploaded -= alreadyUploaded;
    disk = { bytes, nextLookMs: clock.running() + tookMs / diskShare };
    return bytes;
  }

  return {
    async sample() {
      const [{ cpuMs, memoryBytes, cacheBytes }, onDisk] = await Promise.all([usage(), diskBytes()]);
      const [atMs, runningMs] = [clock.now(), clock.running()];
      const cpuUsedPct = shareOf(cpuMs - before.cpuMs, runningMs - before.runningMs, size.cpuCount);
      before = { runningMs, cpuMs };
      const sample = { atMs, cpuUsedPct, memoryBytes, cacheBytes, diskBytes: onDisk };
      samples.push(sample);
      if (samples.length > mostSamples) samples.shift();
      return sample;
    },
    diskBytes,
    between: (startMs, endMs) => samples.filter(({ atMs }) => atMs >= startMs && atMs <= endMs),
    takeRoom(bytes) {
      uploaded += bytes;
      if (disk.bytes + uploaded > size.diskMb * 1024 * 1024)
        throw new ConnectError(
          `not enough disk space: the sandbox has ${size.diskMb} MB`,
          Code.ResourceExhausted,
        );
    },
  };
}

/** Returns 0..100. A sandbox that started anew counts from nothing. */
function shareOf(spentMs: number, elapsedMs: number, cpuCount: number): number {
  if (elapsedMs <= 0) return 0;
  const share = Math.max(0, spentMs) / (elapsedMs * cpuCount);
  return Math.min(100, Math.round(share * 10_000) / 100);
}
