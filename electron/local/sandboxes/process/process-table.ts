// The processes of one sandbox: those that run, and for a while how the last ones ended.
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Clock } from '../clock.ts';
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import { createDoors } from './doors.ts';
import { launchTerminal } from './launch-terminal.ts';
import type { LaunchedCommand, TerminalSize } from './launched-command.ts';
import type { Subscription } from '../envd/output-fanout.ts';
import type { PipeSource } from './pipe-source.ts';
import { connectToPort } from './port-connection.ts';
import type { ProcessSelector } from '../proto/process_pb.ts';
import { type EndEvent, followCommand, type ProcessEvent, type RunningProcess } from './running-process.ts';

/** How long the end of a process can still be asked for. */
const keptMs = 30_000;
/** A process that does not stop within this is not going to. */
const longestStopMs = 1_000;

export interface StartCommand {
  readonly command: CommandLine;
  /** Ignored with a terminal. */
  readonly withInput: boolean;
  readonly terminal: TerminalSize | undefined;
  readonly tag: string | undefined;
  readonly deadlineMs: number | undefined;
}

export interface ProcessTable {
  /** Starts a process; `output` misses nothing. */
  start(start: StartCommand): Promise<{ process: RunningProcess; output: Subscription<ProcessEvent> }>;
  /** Connects to a port inside, with a program that is in no list; undefined when nothing listens. */
  connectTo(port: number): Promise<Duplex | undefined>;
  list(): RunningProcess[];
  /** Lets what is started from now on be on the network its enclosure now says; resolves when nothing waits on another. */
  renewDoors(): Promise<void>;
  /** Throws `not_found`. */
  find(selector: ProcessSelector | undefined): RunningProcess;
  /** Returns how a process that ended less than 30 s ago did so, unless a running one answers to the selector. */
  endOf(selector: ProcessSelector | undefined): { pid: number; end: EndEvent } | undefined;
  /** Stops everything with `stop`, and the clocks of all deadlines; resolves once all stand still. */
  freeze(stop: () => Promise<void>): Promise<void>;
  /** Lets deadlines run on and processes be waited for after a pause. */
  goOn(): void;
}

export function createProcessTable(enclosure: Enclosure, pipes: PipeSource, clock: Clock): ProcessTable {
  const running = new Map<number, RunningProcess>();
  const doors = createDoors(enclosure, pipes);
  const starting = new Set<Promise<LaunchedCommand>>();
  const ended = new Map<number, { tag: string | undefined; end: EndEvent; at: number }>();

  const list = () => [...running.values()];

  function forgetOld(): void {
    for (const [pid, { at }] of ended) if (clock.running() - at > keptMs) ended.delete(pid);
  }

  return {
    async start({ command, withInput, terminal, tag, deadlineMs }) {
      const launching =
        terminal === undefined
          ? doors.launch(command, withInput)
          : launchTerminal(enclosure, command, terminal);
      starting.add(launching);
      const launched = await launching.finally(() => starting.delete(launching));
      const process = followCommand(launched, { command, tag, deadlineMs });
      const output = process.subscribe();
      forgetOld();
      ended.delete(process.pid);
      running.set(process.pid, process);
      void process.ended.then((end) => {
        running.delete(process.pid);
        ended.set(process.pid, { tag, end, at: clock.running() });
      });
      return { process, output };
    },
    connectTo: (port) => connectToPort((command) => doors.launch(command, true), port),
    list,
    renewDoors: doors.renew,
    find(selector) {
      const found = list().find((process) => selects(selector, process.pid, process.tag));
      if (found === undefined) throw new ConnectError(`process ${nameOf(selector)} not found`, Code.NotFound);
      return found;
    },
    endOf(selector) {
      forgetOld();
      if (list().some((process) => selects(selector, process.pid, process.tag))) return undefined;
      for (const [pid, { tag, end }] of ended) if (selects(selector, pid, tag)) return { pid, end };
      return undefined;
    },
    async freeze(stop) {
      // What is being started would arrive after the stop.
      await Promise.allSettled([...starting, doors.settle()]);
      await stop();
      for (const process of running.values()) process.holdDeadline();
      if (!enclosure.stopsVisibly) return;
      // What stops itself later than it is continued would never go on.
      for (
        let waitedMs = 0;
        waitedMs < longestStopMs && ![doors, ...list()].every((one) => one.standsStill());
        waitedMs += 2
      )
        await sleep(2);
    },
    goOn() {
      doors.goOn();
      for (const process of running.values()) process.goOn();
    },
  };
}

function selects(selector: ProcessSelector | undefined, pid: number, tag: string | undefined): boolean {
  switch (selector?.selector.case) {
    case 'pid':
      return selector.selector.value === pid;
    case 'tag':
      return selector.selector.value === tag;
    case undefined:
      return false;
  }
}

function nameOf(selector: ProcessSelector | undefined): string {
  if (selector === undefined || selector.selector.case === undefined) return '(none named)';
  return `with ${selector.selector.case} ${selector.selector.value}`;
}
