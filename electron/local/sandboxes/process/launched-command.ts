// A program that has been started, with pipes or in a terminal, as the code that follows it sees it.
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Code, ConnectError } from '@connectrpc/connect';
import type { CommandLine } from '../isolation/enclosure.ts';

/** How a process ended: an exit code, or the name of the signal. */
export type ProcessEnd = { kind: 'exited'; code: number } | { kind: 'signalled'; signal: NodeJS.Signals };

export type OutputKind = 'stdout' | 'stderr' | 'pty';

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

export interface CommandInput {
  readonly kind: 'stdin' | 'pty';
  /** Resolves when the process or its pipe has taken the data. */
  write(data: Uint8Array): Promise<void>;
  /** Ends the input; a terminal has no end. */
  end: (() => void) | undefined;
  isOpen(): boolean;
}

export interface LaunchedCommand {
  /** As processes inside see it. */
  readonly pid: number;
  readonly outputs: readonly { readonly kind: OutputKind; readonly source: Readable }[];
  /** Its process group on the machine; undefined when it had ended before that was known. */
  readonly group: number | undefined;
  /** Undefined when it was started without input. */
  readonly input: CommandInput | undefined;
  /** Undefined without a terminal. */
  readonly resize: ((size: TerminalSize) => void) | undefined;
  readonly exited: Promise<ProcessEnd>;
  /** Signals the command and what it started in its own process group; nothing when it has ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Whether what waits for the command on the machine is stopped too, or gone. */
  standsStill(): boolean;
  /** Continues what waits for the command on the machine: it stops itself whenever the command is stopped. */
  goOn(): void;
}

/** Reads what a starting command says of itself: its process id inside, or what it misses. Throws ConnectError. */
export function readAnnouncement(said: string, command: CommandLine): number {
  if (said === 'cwd') throw new ConnectError(`cwd '${command.cwd}' does not exist`, Code.InvalidArgument);
  if (said === 'cmd')
    throw new ConnectError(`command '${command.file}' does not exist`, Code.InvalidArgument);
  if (!/^\d+$/.test(said)) throw new ConnectError('the sandbox is ending', Code.Unavailable);
  return Number(said);
}

/** Signals a process group, or its leader alone while there is no group of that number yet. */
export function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const target of [-leader, leader]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // Not a group, or it has just ended by itself.
    }
  }
}

/** Whether a process of the machine is stopped or gone. */
export function standsStill(pid: number): boolean {
  try {
    // The name before the state may contain anything but is in parentheses.
    const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return state !== undefined && 'TtZX'.includes(state);
  } catch {
    // Gone, or a system that does not tell.
    return true;
  }
}

/** Continues a process that may just have ended. */
export function continueIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has just ended by itself.
  }
}
