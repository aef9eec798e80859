// A shell that waits inside a sandbox, with pipes, for the command it is to become. Getting inside takes several times
// as long as becoming a command, and is over before anybody asks for one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import { beforeOrders, shellOrders } from '../isolation/shell-orders.ts';
import {
  type CommandInput,
  continueIfThere,
  type LaunchedCommand,
  type ProcessEnd,
  readAnnouncement,
  signalGroup,
  standsStill,
} from './launched-command.ts';
import { createLineReader } from './line-reader.ts';
import type { PipeSource } from './pipe-source.ts';

// Orders come on descriptor 4, as one line. A shell reads a line byte by byte: a long one is better left to `cat`.
const waiting = `${beforeOrders}; echo ready >&3; IFS= read -r __orders <&4; eval "$__orders"`;
const longOrders = 'eval "$(/bin/cat <&4)"';
const longestLine = 16 * 1024;

export interface Door {
  /** Becomes the command; once. Rejects with `invalid_argument` for a missing directory or program, `unavailable` when the sandbox is ending. */
  launch(command: CommandLine, withInput: boolean): Promise<LaunchedCommand>;
  /** Whether it still waits. */
  isOpen(): boolean;
  standsStill(): boolean;
  goOn(): void;
  /** Lets the pipes go; resolves when the shell has ended. */
  close(): Promise<void>;
}

/** Resolves once the shell waits; rejects with `unavailable` when the sandbox is ending. */
export async function openDoor(enclosure: Enclosure, pipes: PipeSource): Promise<Door> {
  await enclosure.ready;
  const [stdout, stderr] = await Promise.all([pipes.fromChild(), pipes.fromChild()]);
  const [stdin, orders] = await Promise.all([pipes.toChild(), pipes.toChild()]);
  const all = [stdin, stdout, stderr, orders];
  const close = () => {
    for (const { ours } of all) ours.destroy();
  };
  try {
    const { file, args, env } = enclosure.enter(['/bin/sh', '-c', waiting], { terminal: false });
    const stdio = [stdin.theirs, stdout.theirs, stderr.theirs, 'pipe' as const, orders.theirs];
    const child = spawn(file, args, { env, cwd: '/', detached: true, stdio });
    const exited = endOf(child);
    void exited.then(() => child.pid !== undefined && enclosure.left(child.pid));
    const report = child.stdio[3];
    if (!(report instanceof Readable)) throw new Error('a shell was started without its report pipe');
    orders.ours.on('error', () => undefined);
    const said = createLineReader(report);
    // Anything else is the end of the sandbox.
    if ((await said.next()) !== 'ready') readAnnouncement('', noCommand);
    const leader = child.pid === undefined ? undefined : enclosure.leaderOf(child.pid);
    const isAlive = () => child.exitCode === null && child.signalCode === null;
    const goOn = () => {
      if (child.pid !== undefined && isAlive()) continueIfThere(child.pid);
    };
    const isStill = () => child.pid === undefined || standsStill(child.pid);

    return {
      async launch(command, withInput) {
        try {
          const line = shellOrders(enclosure.adapt(command), withInput);
          orders.ours.end(line.length > longestLine ? `${longOrders}\n${line}\n` : `${line}\n`);
          const pid = readAnnouncement(await said.next(), command);
          if (!withInput) stdin.ours.destroy();
          return {
            pid,
            group: leader,
            outputs: [
              { kind: 'stdout', source: stdout.ours },
              { kind: 'stderr', source: stderr.ours },
            ],
            input: withInput ? pipeInput(stdin.ours) : undefined,
            resize: undefined,
            exited,
            signal(signal) {
              // An ended leader's number may soon mean another process.
              if (leader !== undefined && isAlive()) signalGroup(leader, signal);
            },
            standsStill: isStill,
            goOn,
          };
        } catch (error) {
          close();
          throw error;
        } finally {
          report.destroy();
          orders.ours.destroy();
        }
      },
      isOpen: isAlive,
      standsStill: isStill,
      goOn,
      async close() {
        close();
        await exited;
      },
    };
  } catch (error) {
    close();
    throw error;
  } finally {
    for (const { theirs } of all) closeSync(theirs);
  }
}

const noCommand: CommandLine = { file: '', args: [], env: {}, cwd: '/' };

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal });
    });
    child.once('error', () => resolve({ kind: 'exited', code: 127 }));
  });
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
