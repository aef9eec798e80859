// How large a sandbox is: what it is billed for in the cloud, and here what it may use where the system can limit it.
import type { EnclosureSize } from './isolation/enclosure.ts';

export interface SandboxSize extends EnclosureSize {
  readonly diskMb: number;
}

/** The size of the cloud's base template. */
export const baseSize: SandboxSize = { cpuCount: 2, memoryMb: 512, diskMb: 10_240 };
