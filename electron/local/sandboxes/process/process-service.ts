// The process service: starting, following and signalling the processes of a sandbox.
import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { accountOf, sandboxOf } from '../envd/envd-access.ts';
import { followStream } from '../envd/follow-stream.ts';
import type { Subscription } from '../envd/output-fanout.ts';
import { type Process, type ProcessInput, type PTY, Signal } from '../proto/process_pb.ts';
import type { TerminalSize } from './launched-command.ts';
import type { ProcessEvent, RunningProcess } from './running-process.ts';

const longestDeathMs = 1_000;

/** All methods of the service. */
export const processService = {
  async *start(request, context) {
    const sandbox = sandboxOf(context);
    if (request.process === undefined) throw new ConnectError('process is required', Code.InvalidArgument);
    const { process, output } = await sandbox.processes.start({
      command: accountOf(context).commandLine(request.process),
      withInput: request.stdin ?? true,
      terminal: request.pty === undefined ? undefined : terminalSize(request.pty),
      tag: request.tag,
      deadlineMs: context.timeoutMs(),
    });
    yield* follow(process.pid, output, context);
  },

  async *connect({ process: selector }, context) {
    const { processes } = sandboxOf(context);
    const past = processes.endOf(selector);
    if (past !== undefined) {
      yield { event: startEvent(past.pid) };
      yield { event: { event: { case: 'end', value: past.end } } };
      return;
    }
    const process = processes.find(selector);
    yield* follow(process.pid, process.subscribe(), context);
  },

  list(_request, context) {
    const processes = sandboxOf(context).processes.list();
    return {
      processes: processes.map(({ pid, tag, command }) => ({
        config: { cmd: command.file, args: [...command.args], envs: { ...command.env }, cwd: command.cwd },
        pid,
        ...(tag === undefined ? {} : { tag }),
      })),
    };
  },

  async sendInput({ process: selector, input }, context) {
    const process = sandboxOf(context).processes.find(selector);
    await write(process, input);
    return {};
  },

  async streamInput(requests, context) {
    const { processes } = sandboxOf(context);
    let process: RunningProcess | undefined;
    for await (const { event } of requests) {
      if (event.case === 'start') process = processes.find(event.value.process);
      if (event.case !== 'data') continue;
      if (process === undefined)
        throw new ConnectError('a stream of input starts with its process', Code.InvalidArgument);
      await write(process, event.value.input);
    }
    return {};
  },

  update({ process: selector, pty }, context) {
    const process = sandboxOf(context).processes.find(selector);
    if (pty !== undefined) process.resize(terminalSize(pty));
    return {};
  },

  closeStdin({ process: selector }, context) {
    sandboxOf(context).processes.find(selector).closeInput();
    return {};
  },

  async sendSignal({ process: selector, signal }, context) {
    const process = sandboxOf(context).processes.find(selector);
    switch (signal) {
      case Signal.SIGKILL:
        process.signal('SIGKILL');
        // Whoever has killed it may look for it next; one that hangs in the system is not waited for.
        await Promise.race([process.exited, sleep(longestDeathMs, undefined, { ref: false })]);
        break;
      case Signal.SIGTERM:
        process.signal('SIGTERM');
        break;
      default:
        throw new ConnectError(
          `signal ${signal} is not supported: use SIGTERM or SIGKILL`,
          Code.Unimplemented,
        );
    }
    return {};
  },
} satisfies ServiceImpl<typeof Process>;

async function write(process: RunningProcess, input: ProcessInput | undefined): Promise<void> {
  if (input === undefined || input.input.case === undefined)
    throw new ConnectError('input is required', Code.InvalidArgument);
  await process.write(input.input.case, input.input.value);
}

/** Sizes beyond 1..65535 do not exist in the system; none given is the terminal of old. */
function terminalSize({ size }: PTY): TerminalSize {
  const { cols = 80, rows = 24 } = size ?? {};
  if (![cols, rows].every((length) => length >= 1 && length <= 65_535))
    throw new ConnectError(`a terminal cannot have ${cols} x ${rows} cells`, Code.InvalidArgument);
  return { cols, rows };
}

/** Streams from start to end. A client that goes away leaves the process running. */
async function* follow(pid: number, output: Subscription<ProcessEvent>, context: HandlerContext) {
  yield { event: startEvent(pid) };
  for await (const event of followStream(output, keepaliveEvent, context)) yield { event };
}

function startEvent(pid: number): ProcessEvent {
  return { event: { case: 'start', value: { pid } } };
}

const keepaliveEvent: ProcessEvent = { event: { case: 'keepalive', value: {} } };
