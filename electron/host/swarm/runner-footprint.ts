// What an agent takes of its sandbox: measured, then reckoned with ten times as much.
import type { SandboxSize } from '../spend/rate-card.ts';

/**
 * Measured on 23 November 2026 on Linux x64 with the release runner: 1, 10 and 25 agents of one strategy on 16 symbols,
 * 120 bars of history and then 400 live bars of each symbol as fast as they were taken in. Memory is VmRSS of the process
 * at the end, processor time is utime + stime over the live bars; the largest of the four strategies is kept.
 */
const measured = {
  /** For each agent after the first, which had 3,468 kB with the runner itself; at the peak. */
  agentKb: 187,
  /** For one agent and one bar. */
  agentBarUs: 3.1,
} as const;

const headroom = 10;
const runnerMb = 8;
/** Left to the sandbox's own system and its process service; not measured. */
const systemMb = 96;
/** All 16 symbols at 50 bars a second each, far above what live markets send. */
const busyBarsPerS = 16 * 50;
/** One runner decides on one processor, and half of it stays free. */
const processorShare = 0.5;

/** Agents that the memory of a sandbox carries; one at least. */
export function agentsByMemory({ memoryMb }: SandboxSize): number {
  const freeKb = (memoryMb - systemMb - runnerMb) * 1_024;
  return Math.max(1, Math.floor(freeKb / (measured.agentKb * headroom)));
}

/** Agents that one processor carries; further processors of the sandbox do not help a runner. */
export function agentsByProcessor(): number {
  const busyUs = busyBarsPerS * measured.agentBarUs * headroom;
  return Math.floor((processorShare * 1_000_000) / busyUs);
}
