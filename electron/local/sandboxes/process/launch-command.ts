// Starts one program in an enclosure and learns the process id it has inside.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { Code, ConnectError } from '@connectrpc/connect';
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import type { ChildPipe, PipeSource } from './pipe-source.ts';

/** How a process ended: an exit code, or the name of the signal. */
export type ProcessEnd = { kind: 'exited'; code: number } | { kind: 'signalled'; signal: NodeJS.Signals };

export interface LaunchedCommand {
  /** As processes inside see it. */
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Undefined when it was started without input. */
  readonly stdin: Writable | undefined;
  readonly exited: Promise<ProcessEnd>;
  /** Signals the command and what it started in its own process group; nothing when it has ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Rejects with `invalid_argument` for a missing directory or program, `unavailable` when the sandbox is ending. */
export async function launchCommand(
  enclosure: Enclosure,
  pipes: PipeSource,
  command: CommandLine,
  withInput: boolean,
): Promise<LaunchedCommand> {
  await enclosure.ready;
  const [stdout, stderr, stdin] = await Promise.all([
    pipes.fromChild(),
    pipes.fromChild(),
    withInput ? pipes.toChild() : undefined,
  ]);
  const opened = [stdout, stderr, ...(stdin === undefined ? [] : [stdin])];
  try {
    const { file, args, env } = enclosure.enter(command);
    const child = spawn(file, args, {
      env,
      cwd: '/',
      detached: true,
      stdio: [stdin?.theirs ?? 'ignore', stdout.theirs, stderr.theirs, 'pipe'],
    });
    const exited = endOf(child);
    const pid = await announcedPid(child, command);
    const leader = child.pid === undefined ? undefined : enclosure.leaderOf(child.pid);
    return {
      pid,
      stdout: stdout.ours,
      stderr: stderr.ours,
      stdin: stdin?.ours,
      exited,
      signal: (signal) => signalGroup(child, leader, signal),
    };
  } catch (error) {
    for (const pipe of opened) pipe.ours.destroy();
    throw error;
  } finally {
    for (const pipe of opened) closeTheirs(pipe);
  }
}

function closeTheirs(pipe: ChildPipe): void {
  closeSync(pipe.theirs);
}

async function announcedPid(child: ChildProcess, command: CommandLine): Promise<number> {
  const report = child.stdio[3];
  if (!(report instanceof Readable)) throw new Error('a command was started without its report pipe');
  const said = await firstLine(report);
  if (said === 'cwd') throw new ConnectError(`cwd '${command.cwd}' does not exist`, Code.InvalidArgument);
  if (said === 'cmd')
    throw new ConnectError(`command '${command.file}' does not exist`, Code.InvalidArgument);
  if (!/^\d+$/.test(said)) throw new ConnectError('the sandbox is ending', Code.Unavailable);
  return Number(said);
}

/** Reads up to the first line end; what entered the namespaces may hold the pipe open for as long as the command runs. */
async function firstLine(source: Readable): Promise<string> {
  let read = '';
  for await (const data of source) {
    read += String(data);
    if (read.includes('\n')) break;
  }
  return read.split('\n', 1)[0] ?? '';
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal });
    });
    child.once('error', () => resolve({ kind: 'exited', code: 127 }));
  });
}

function signalGroup(child: ChildProcess, leader: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  // An ended leader's number may soon mean another process.
  if (leader === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // It has just ended by itself.
  }
}
