// The process service: starting, following and signalling the processes of a sandbox.
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { sandboxOf } from '../envd/envd-access.ts';
import type { Subscription } from './output-fanout.ts';
import { type Process, Signal } from '../proto/process_pb.ts';
import type { ProcessEvent } from './running-process.ts';

const defaultKeepaliveS = 90;

/** Terminals, `Update` and `StreamInput` answer `unimplemented`. */
export const processService = {
  async *start(request, context) {
    const sandbox = sandboxOf(context);
    if (request.pty !== undefined) {
      throw new ConnectError('local sandboxes have no terminals yet', Code.Unimplemented);
    }
    if (request.process === undefined) throw new ConnectError('process is required', Code.InvalidArgument);
    const { process, output } = await sandbox.processes.start({
      command: sandbox.commandLine(request.process),
      withInput: request.stdin ?? true,
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
    if (input?.input.case !== 'stdin') throw new ConnectError('the process has no terminal', Code.Internal);
    await process.write(input.input.value);
    return {};
  },

  closeStdin({ process: selector }, context) {
    sandboxOf(context).processes.find(selector).closeInput();
    return {};
  },

  sendSignal({ process: selector, signal }, context) {
    const process = sandboxOf(context).processes.find(selector);
    switch (signal) {
      case Signal.SIGKILL:
        process.signal('SIGKILL');
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
} satisfies Partial<ServiceImpl<typeof Process>>;

/** Streams from start to end. A client that goes away leaves the process running. */
async function* follow(pid: number, output: Subscription<ProcessEvent>, context: HandlerContext) {
  const keepaliveMs = keepaliveSeconds(context) * 1_000;
  try {
    yield { event: startEvent(pid) };
    for (;;) {
      const next = await output.next(keepaliveMs, context.signal);
      if (next.kind === 'over') return;
      yield { event: next.kind === 'event' ? next.event : keepaliveEvent() };
    }
  } finally {
    output.close();
  }
}

function startEvent(pid: number): ProcessEvent {
  return { event: { case: 'start', value: { pid } } };
}

function keepaliveEvent(): ProcessEvent {
  return { event: { case: 'keepalive', value: {} } };
}

function keepaliveSeconds(context: HandlerContext): number {
  const asked = Number(context.requestHeader.get('keepalive-ping-interval') ?? defaultKeepaliveS);
  return Number.isFinite(asked) && asked > 0 && asked <= 3_600 ? asked : defaultKeepaliveS;
}
