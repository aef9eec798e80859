// Starts one program in an enclosure with pipes and learns the process id it has inside.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import { withoutTerminals } from '../isolation/open-terminals.ts';
import {
  type CommandInput,
  continueIfThere,
  endOf,
  type LaunchedCommand,
  readAnnouncement,
  signalGroup,
  standsStill,
} from './launched-command.ts';
import type { ChildPipe, PipeSource } from './pipe-source.ts';

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
    const { file, args, env } = withoutTerminals(enclosure.enter(command));
    const child = spawn(file, args, {
      env,
      cwd: '/',
      detached: true,
      stdio: [stdin?.theirs ?? 'ignore', stdout.theirs, stderr.theirs, 'pipe'],
    });
    const exited = endOf(child);
    const report = child.stdio[3];
    if (!(report instanceof Readable)) throw new Error('a command was started without its report pipe');
    const pid = readAnnouncement(await firstLine(report), command);
    const leader = child.pid === undefined ? undefined : enclosure.leaderOf(child.pid);
    return {
      pid,
      outputs: [
        { kind: 'stdout', source: stdout.ours },
        { kind: 'stderr', source: stderr.ours },
      ],
      input: stdin === undefined ? undefined : pipeInput(stdin.ours),
      resize: undefined,
      exited,
      signal(signal) {
        // An ended leader's number may soon mean another process.
        if (leader !== undefined && child.exitCode === null && child.signalCode === null)
          signalGroup(leader, signal);
      },
      standsStill: () => child.pid === undefined || standsStill(child.pid),
      goOn() {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
          continueIfThere(child.pid);
      },
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

function pipeInput(pipe: Writable): CommandInput {
  pipe.on('error', () => undefined);
  return {
    kind: 'stdin',
    async write(data) {
      if (!pipe.write(data)) await Promise.race([once(pipe, 'drain'), once(pipe, 'close')]);
    },
    end: () => void pipe.end(),
    isOpen: () => pipe.writable,
  };
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
