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
  /** It gets a terminal that is already the machine's controlling terminal of its session. */
  readonly terminal?: boolean;
}

/** The same program as the machine has to start it. */
export interface HostCommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Enclosure {
  /** Settles when commands can be started; rejects when they never will. */
  readonly ready: Promise<void>;
  /** Settles when every process is gone, asked for or not. */
  readonly ended: Promise<void>;
  /** Translates a command; valid after `ready`. */
  enter(command: CommandLine): HostCommandLine;
  /** Returns the machine's id of the command that `spawned` became, also that of its process group, if it still runs. */
  leaderOf(spawned: number): number | undefined;
  /** What HOME is for the processes. */
  readonly home: string;
  /** Stops every process where it is. */
  freeze(): Promise<void>;
  /** Lets them go on. */
  thaw(): Promise<void>;
  /** Ends every process; resolves once they are gone. */
  close(): Promise<void>;
}

/** What an enclosure is built around. */
export interface EnclosureOptions {
  readonly sandboxId: string;
  /** The directory that is `/` inside, on the machine. */
  readonly root: string;
}

export type OpenEnclosure = (options: EnclosureOptions) => Enclosure;

// Runs as the first program of every command: says on descriptor 3 which process id it has, then becomes the command.
// It names the directory or the program that is missing, since only it sees what the command will see.
const announce = [
  'cd -- "$1" 2>/dev/null || { echo cwd >&3; exit 126; }',
  'shift',
  'command -v "$1" >/dev/null || { echo cmd >&3; exit 127; }',
  'echo $$ >&3',
  'exec "$@" 3>&-',
].join('\n');

/** Returns the arguments with which `/bin/sh` announces itself and becomes the command. */
export function announcing(command: CommandLine, cwd: string): string[] {
  return ['-c', announce, 'sh', cwd, command.file, ...command.args];
}
