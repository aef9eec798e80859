// One process of a sandbox: who follows its output, its input, its deadline and its end.
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { CommandLine } from '../isolation/enclosure.ts';
import { systemCode } from '../envd/faults.ts';
import type { LaunchedCommand, ProcessEnd } from './launch-command.ts';
import { createOutputFanout, type Subscription } from './output-fanout.ts';
import type { ProcessEvent_EndEventSchema, ProcessEventSchema } from '../proto/process_pb.ts';

export type ProcessEvent = MessageInitShape<typeof ProcessEventSchema>;
export type EndEvent = MessageInitShape<typeof ProcessEvent_EndEventSchema>;

const chunkBytes = 32 * 1024;
/** Longer waits overflow Node's timers; they are as good as none. */
const longestTimerMs = 2 ** 31 - 1;

export interface RunningProcess {
  readonly pid: number;
  readonly tag: string | undefined;
  readonly command: CommandLine;
  /** Settles after all output has been passed on. */
  readonly ended: Promise<EndEvent>;
  subscribe(): Subscription<ProcessEvent>;
  /** Resolves when the process has taken the input or its pipe has. Throws `internal` without open input. */
  write(data: Uint8Array): Promise<void>;
  closeInput(): void;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface RunningProcessOptions {
  readonly command: CommandLine;
  readonly tag: string | undefined;
  /** The process is killed after this; undefined means never. */
  readonly deadlineMs: number | undefined;
}

/** Takes over a command; output flows from the next turn of the event loop, so subscribe at once. */
export function followCommand(launched: LaunchedCommand, options: RunningProcessOptions): RunningProcess {
  const { stdin } = launched;
  const outputs = [launched.stdout, launched.stderr];
  const fanout = createOutputFanout<ProcessEvent>();
  const deadline = killAfter(launched, options.deadlineMs);
  stdin?.on('error', () => undefined);

  const ended = Promise.all([
    pump(launched.stdout, (stdout) => fanout.publish(dataEvent({ case: 'stdout', value: stdout }))),
    pump(launched.stderr, (stderr) => fanout.publish(dataEvent({ case: 'stderr', value: stderr }))),
    launched.exited.then((end) => {
      // What escaped a killed process's group may hold its output open for ever.
      if (end.kind === 'signalled' && end.signal === 'SIGKILL')
        for (const output of outputs) output.destroy();
      return end;
    }),
  ]).then(async ([, , end]) => {
    clearTimeout(deadline);
    stdin?.destroy();
    const event = endEvent(end);
    await fanout.publish({ event: { case: 'end', value: event } });
    fanout.end();
    return event;
  });

  return {
    pid: launched.pid,
    tag: options.tag,
    command: options.command,
    ended,
    subscribe: () => fanout.subscribe(),
    async write(data) {
      if (stdin === undefined || !stdin.writable) throw new ConnectError('stdin is closed', Code.Internal);
      if (!stdin.write(data)) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]);
    },
    closeInput() {
      stdin?.end();
    },
    signal: launched.signal,
  };
}

function killAfter(launched: LaunchedCommand, deadlineMs: number | undefined): NodeJS.Timeout | undefined {
  if (deadlineMs === undefined || deadlineMs > longestTimerMs) return undefined;
  return setTimeout(() => launched.signal('SIGKILL'), Math.max(0, deadlineMs));
}

async function pump(source: Readable, publish: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  try {
    for await (const data of source) {
      if (!(data instanceof Uint8Array)) throw new TypeError('process output is read as bytes');
      for (let start = 0; start < data.length; start += chunkBytes) {
        await publish(data.subarray(start, start + chunkBytes));
      }
    }
  } catch (error) {
    if (systemCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function dataEvent(output: { case: 'stdout' | 'stderr'; value: Uint8Array }): ProcessEvent {
  return { event: { case: 'data', value: { output } } };
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
  };
  return known[signal] ?? signal;
}
