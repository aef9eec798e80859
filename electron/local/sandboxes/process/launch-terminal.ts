// Starts one program in an enclosure with a terminal of its own. The terminal belongs to the machine and is handed in;
// its size, its echo and its signals are the system's.
import { constants } from 'node:os';
import { Readable } from 'node:stream';
import type { IPty } from '@lydell/node-pty';
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import { rememberTerminal } from '../isolation/open-terminals.ts';
import { beforeOrders, shellOrders } from '../isolation/shell-orders.ts';
import {
  continueIfThere,
  type LaunchedCommand,
  type ProcessEnd,
  readAnnouncement,
  signalGroup,
  standsStill,
  type TerminalSize,
} from './launched-command.ts';

// Commands announce themselves on descriptor 3, which is here the terminal, before the program can say anything.
const announceHere = ['-c', 'exec "$@" 3>&1', 'sh'];

/** Rejects with `invalid_argument` for a missing directory or program, `unavailable` when the sandbox is ending. */
export async function launchTerminal(
  enclosure: Enclosure,
  command: CommandLine,
  size: TerminalSize,
): Promise<LaunchedCommand> {
  await enclosure.ready;
  // Loaded with the first terminal: most sandboxes never open one.
  const { spawn } = await import('@lydell/node-pty');
  const orders = `${beforeOrders}; ${shellOrders(enclosure.adapt(command), true)}`;
  const { file, args, env } = enclosure.enter(['/bin/sh', '-c', orders], { terminal: true });
  const terminal = spawn('/bin/sh', [...announceHere, file, ...args], {
    ...size,
    cwd: '/',
    env: { ...env },
    // One character a byte, so that nothing is decoded on the way.
    encoding: 'latin1',
  });
  const forget = rememberTerminal(descriptorOf(terminal));
  const exited = new Promise<ProcessEnd>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => resolve(readEnd(exitCode, signal)));
  });
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
    forget();
    enclosure.left(terminal.pid);
  });
  const output = readTerminal(terminal);
  const pid = readAnnouncement(await firstLine(output), command);
  const leader = enclosure.leaderOf(terminal.pid);
  return {
    pid,
    group: leader,
    outputs: [{ kind: 'pty', source: output }],
    input: {
      kind: 'pty',
      write: async (data) => terminal.write(Buffer.from(data).toString('latin1')),
      end: undefined,
      isOpen: () => !hasEnded,
    },
    resize({ cols, rows }) {
      if (!hasEnded) terminal.resize(cols, rows);
    },
    exited,
    signal(signal) {
      if (leader !== undefined && !hasEnded) signalGroup(leader, signal);
    },
    standsStill: () => standsStill(terminal.pid),
    goOn() {
      if (!hasEnded) continueIfThere(terminal.pid);
    },
  };
}

// A terminal held back when its program ends loses what it has not passed on, so that only a flood is held back.
const floodBytes = 8 * 1024 * 1024;

function readTerminal(terminal: IPty): Readable {
  const output = new Readable({ highWaterMark: floodBytes, read: () => terminal.resume() });
  terminal.onData((data) => {
    if (!output.push(Buffer.from(data, 'latin1'))) terminal.pause();
  });
  terminal.onExit(() => output.push(null));
  return output;
}

/** Takes the first line off and leaves the rest. */
function firstLine(source: Readable): Promise<string> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    const done = (line: string, rest: Buffer) => {
      source.off('readable', take).off('end', atEnd);
      if (rest.length > 0) source.unshift(rest);
      resolve(line.trim());
    };
    const atEnd = () => done(read.toString('utf8'), Buffer.alloc(0));
    const take = () => {
      for (let chunk: unknown = source.read(); chunk instanceof Buffer; chunk = source.read()) {
        read = Buffer.concat([read, chunk]);
      }
      const end = read.indexOf('\n');
      if (end >= 0) done(read.subarray(0, end).toString('utf8'), read.subarray(end + 1));
    };
    source.on('readable', take).on('end', atEnd);
  });
}

function readEnd(code: number, signal: number | undefined): ProcessEnd {
  const names = Object.entries(constants.signals);
  const name = names.find(([, number]) => number === signal)?.[0];
  return signal && isSignal(name) ? { kind: 'signalled', signal: name } : { kind: 'exited', code };
}

function isSignal(name: string | undefined): name is NodeJS.Signals {
  return name !== undefined && Object.hasOwn(constants.signals, name);
}

function descriptorOf(terminal: IPty): number {
  if ('fd' in terminal && typeof terminal.fd === 'number') return terminal.fd;
  throw new Error('the terminal library no longer tells its descriptor');
}
