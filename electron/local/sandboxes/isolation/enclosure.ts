// What keeps the processes of one sandbox together, and on Linux with bubblewrap apart from everything else.
import type { AccountName } from '../account.ts';

/** A program to start inside, with everything a process needs. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** As the client names it, absolute. */
  readonly cwd: string;
  /** `user` unless given. */
  readonly account?: AccountName;
  /** The longest file it may write; its enclosure sets it. */
  readonly longestFileMb?: number;
}

/** A program as the machine has to start it. */
export interface HostCommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the processes of a sandbox have used and hold. */
export interface ProcessUsage {
  /** Since the sandbox started. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** Held by the system for their files, beyond their memory. */
  readonly cacheBytes: number;
}

/** A process of the machine. */
export interface Writer {
  readonly pid: number;
  /** Its process group. */
  readonly group: number;
}

export interface Enclosure {
  /** Settles when programs can be started; rejects when they never will. */
  readonly ready: Promise<void>;
  /** Settles when every process is gone, asked for or not. */
  readonly ended: Promise<void>;
  /** What HOME is for the processes. */
  readonly home: string;
  /** Returns the command with what is particular to this enclosure. */
  adapt(command: CommandLine): CommandLine;
  /** Returns how to start a program inside without any environment; with a terminal it keeps its session. Valid after `ready`. */
  enter(program: readonly string[], options: { readonly terminal: boolean }): HostCommandLine;
  /** Returns the machine's id of the program that `spawned` became, also that of its process group, if it still runs. */
  leaderOf(spawned: number): number | undefined;
  /** Hears that `spawned` has ended. */
  left(spawned: number): void;
  /** Whether processes are told when they are frozen, so that what waits for them on the machine stops too. */
  readonly stopsVisibly: boolean;
  /** Stops every process where it is. */
  freeze(): Promise<void>;
  /** Lets them go on. */
  thaw(): Promise<void>;
  /** Whether programs that enter from now on reach what the machine reaches. */
  sharesNetwork(): boolean;
  /** Changes that, where the enclosure can hold programs apart from the network. */
  shareNetwork(shared: boolean): void;
  /** Whether a program inside reaches what the machine reaches, whenever it entered. */
  reachesMachine(): Promise<boolean>;
  usage(): Promise<ProcessUsage>;
  /** Watches for a moment who writes to a disk; nobody where the system does not tell. */
  writers(): Promise<readonly Writer[]>;
  /** Ends every process; resolves once they are gone. */
  close(): Promise<void>;
}

/** What a sandbox may use. */
export interface EnclosureSize {
  readonly cpuCount: number;
  readonly memoryMb: number;
  readonly diskMb: number;
}

/** What an enclosure is built around. */
export interface EnclosureOptions {
  readonly sandboxId: string;
  /** The directory that is `/` inside, on the machine. */
  readonly root: string;
  readonly size: EnclosureSize;
  /** Whether its first programs reach what the machine reaches. */
  readonly sharesNetwork: boolean;
}

export type OpenEnclosure = (options: EnclosureOptions) => Enclosure;
