// One process of a sandbox: who follows its output, its input, its deadline and its end.
import type { Readable } from 'node:stream';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { CommandLine } from '../isolation/enclosure.ts';
import { systemCode } from '../envd/faults.ts';
import type { LaunchedCommand, OutputKind, ProcessEnd, TerminalSize } from './launched-command.ts';
import { createDeadline } from './deadline.ts';
import { createOutputFanout, type Subscription } from '../envd/output-fanout.ts';
import type { ProcessEvent_EndEventSchema, ProcessEventSchema } from '../proto/process_pb.ts';

export type ProcessEvent = MessageInitShape<typeof ProcessEventSchema>;
export type EndEvent = MessageInitShape<typeof ProcessEvent_EndEventSchema>;

const chunkBytes = { stdout: 32 * 1024, stderr: 32 * 1024, pty: 16 * 1024 } as const;

export interface RunningProcess {
  readonly pid: number;
  readonly tag: string | undefined;
  readonly command: CommandLine;
  /** Settles when the program is gone; what it said may still be on its way. */
  readonly exited: Promise<unknown>;
  /** Settles after all output has been passed on. */
  readonly ended: Promise<EndEvent>;
  subscribe(): Subscription<ProcessEvent>;
  /** Resolves when the process has taken the input or its pipe has. Throws `internal` without open input of this kind. */
  write(kind: 'stdin' | 'pty', data: Uint8Array): Promise<void>;
  /** Throws `internal` for a terminal, whose input has no end. */
  closeInput(): void;
  /** Throws `internal` without a terminal. */
  resize(size: TerminalSize): void;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** On the machine; undefined when it had ended before that was known. */
  readonly group: number | undefined;
  /** Kills it and writes the reason to its errors, or to its terminal. */
  stop(reason: string): void;
  /** Stops the clock of its deadline while its sandbox is paused. */
  holdDeadline(): void;
  /** Whether whatever on the machine waits for the process is stopped with it. */
  standsStill(): boolean;
  /** Lets the deadline and whatever on the machine waits for the process go on. */
  goOn(): void;
}

export interface RunningProcessOptions {
  readonly command: CommandLine;
  readonly tag: string | undefined;
  /** The process is killed after this; undefined means never. */
  readonly deadlineMs: number | undefined;
}

/** Takes over a command; output flows from the next turn of the event loop, so subscribe at once. */
export function followCommand(launched: LaunchedCommand, options: RunningProcessOptions): RunningProcess {
  const { input, outputs } = launched;
  const fanout = createOutputFanout<ProcessEvent>();
  const deadline = createDeadline(options.deadlineMs, () => launched.signal('SIGKILL'));

  const exited = launched.exited.then((end) => {
    // What escaped a killed process's group may hold its output open for ever.
    if (end.kind === 'signalled' && end.signal === 'SIGKILL')
      for (const { source } of outputs) source.destroy();
    return end;
  });
  const pumped = outputs.map(({ kind, source }) =>
    pump(source, chunkBytes[kind], (chunk) => fanout.publish(dataEvent(kind, chunk))),
  );
  const ended = Promise.all([exited, ...pumped]).then(async ([end]) => {
    deadline.hold();
    input?.end?.();
    const event = endEvent(end);
    await fanout.publish({ event: { case: 'end', value: event } });
    fanout.end();
    return event;
  });

  return {
    pid: launched.pid,
    tag: options.tag,
    command: options.command,
    exited,
    ended,
    subscribe: () => fanout.subscribe(),
    async write(kind, data) {
      if (input?.kind !== kind) {
        throw new ConnectError(
          kind === 'pty' ? 'the process has no terminal' : 'the process takes no stdin',
          Code.Internal,
        );
      }
      if (!input.isOpen()) throw new ConnectError('stdin is closed', Code.Internal);
      await input.write(data);
    },
    closeInput() {
      if (input?.kind === 'pty')
        throw new ConnectError('the input of a terminal cannot be closed: send it Ctrl-D', Code.Internal);
      input?.end?.();
    },
    resize(size) {
      if (launched.resize === undefined) throw new ConnectError('the process has no terminal', Code.Internal);
      launched.resize(size);
    },
    signal: launched.signal,
    group: launched.group,
    stop(reason) {
      const kind = input?.kind === 'pty' ? 'pty' : 'stderr';
      void fanout.publish(dataEvent(kind, Buffer.from(`${reason}\r\n`)));
      launched.signal('SIGKILL');
    },
    holdDeadline: deadline.hold,
    standsStill: launched.standsStill,
    goOn() {
      launched.goOn();
      deadline.start();
    },
  };
}

async function pump(
  source: Readable,
  size: number,
  publish: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  try {
    for await (const data of source) {
      if (!(data instanceof Uint8Array)) throw new TypeError('process output is read as bytes');
      for (let start = 0; start < data.length; start += size) {
        await publish(data.subarray(start, start + size));
      }
    }
  } catch (error) {
    if (systemCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function dataEvent(kind: OutputKind, value: Uint8Array): ProcessEvent {
  return { event: { case: 'data', value: { output: { case: kind, value } } } };
}

function endEvent(end: ProcessEnd): EndEvent {
  if (end.kind === 'signalled') {
    const status = `signal: ${signalText(end.signal)}`;
    return { exitCode: -1, exited: false, status, error: status };
  }
  const status = `exit status ${end.code}`;
  return { exitCode: end.code, exited: true, status, ...(end.code === 0 ? {} : { error: status }) };
}

// The wording of the cloud's process service, which clients show.
function signalText(signal: NodeJS.Signals): string {
  const known: Partial<Record<NodeJS.Signals, string>> = {
    SIGKILL: 'killed',
    SIGTERM: 'terminated',
    SIGINT: 'interrupt',
    SIGSEGV: 'segmentation fault',
    SIGABRT: 'aborted',
    SIGPIPE: 'broken pipe',
    SIGHUP: 'hangup',
    SIGXFSZ: 'file size limit exceeded',
  };
  return known[signal] ?? signal;
}
