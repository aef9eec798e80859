// The link to one runner: lines out, numbered messages in, acknowledged and asked for again when the stream loses them.
import { DeskError } from '../../contract/errors.ts';
import type { Log } from '../log.ts';
import { type HostFrame, parseRunnerLine, type RunnerMessage } from './link-messages.ts';
import { createMessageWindow } from './message-window.ts';
import type { ProviderProcess, ProviderSandbox } from './provider.ts';

const beatMs = 1_000;
const ackDelayMs = 50;
/** The SDK keeps all output in memory; a fresh connection lets go of it. */
const rotateAfterChars = 4 * 1024 * 1024;
const lineLimit = 1024 * 1024;
const attachAttempts = 3;

export interface LinkListener {
  /** Each numbered message once and in order; the others as they come. */
  onMessage(message: RunnerMessage): void;
  /** A line that is not of the protocol; the link goes on. */
  onBrokenLine(line: string): void;
  /** The runner is gone and the link is closed. */
  onLost(reason: string): void;
}

export interface RunnerLink {
  send(frame: HostFrame): void;
  /** Asks the runner to stop and closes the link; `onLost` is not called. */
  close(): Promise<void>;
}

interface LinkState {
  process: ProviderProcess;
  partial: string;
  charsSinceAttach: number;
  outgoing: string[];
  writing: boolean;
  closed: boolean;
  attaching: boolean;
  ackTimer: NodeJS.Timeout | null;
}

/** Starts the runner's command in the sandbox and links to it. Rejects with SANDBOX_UNAVAILABLE. */
export async function openRunnerLink(
  sandbox: ProviderSandbox,
  command: string,
  listener: LinkListener,
  log: Log,
): Promise<RunnerLink> {
  const window = createMessageWindow();
  const early: string[] = [];
  let receive = (text: string): void => void early.push(text);
  const process = await sandbox.start(command, (text) => receive(text));
  const state: LinkState = {
    process,
    partial: '',
    charsSinceAttach: 0,
    outgoing: [],
    writing: false,
    closed: false,
    attaching: false,
    ackTimer: null,
  };
  const beatTimer = setInterval(() => send({ kind: 'beat' }), beatMs);

  function send(frame: HostFrame): void {
    if (state.closed) return;
    state.outgoing.push(`${JSON.stringify(frame)}\n`);
    void drain();
  }

  // One write at a time keeps the order; what queued up meanwhile goes out together.
  async function drain(): Promise<void> {
    if (state.writing) return;
    state.writing = true;
    try {
      while (state.outgoing.length > 0 && !state.closed) {
        const text = state.outgoing.join('');
        state.outgoing = [];
        await state.process.write(text);
      }
    } catch (error) {
      log.warn({ err: error, sandboxId: sandbox.sandboxId }, 'write to runner failed');
      lose(error instanceof DeskError ? error.message : String(error));
    } finally {
      state.writing = false;
    }
  }

  receive = (text) => {
    state.charsSinceAttach += text.length;
    const lines = (state.partial + text).split('\n');
    state.partial = lines.pop() ?? '';
    if (state.partial.length > lineLimit) {
      listener.onBrokenLine(state.partial.slice(0, 200));
      state.partial = '';
    }
    for (const line of lines) if (line !== '') receiveLine(line);
    if (state.charsSinceAttach > rotateAfterChars) void reattach('output limit reached');
  };

  function receiveLine(line: string): void {
    if (state.closed) return;
    const message = parseRunnerLine(line);
    if (!message) {
      listener.onBrokenLine(line.slice(0, 200));
      // A broken line may have been a numbered one: the runner still has it.
      send({ kind: 'resume', after: window.through() });
      return;
    }
    if (message.kind === 'heartbeat' && window.isBehind(message.lastN))
      send({ kind: 'resume', after: window.through() });
    if (!('n' in message)) return listener.onMessage(message);
    const arrival = window.accept(message);
    if (arrival.kind === 'gap') send({ kind: 'resume', after: arrival.after });
    if (arrival.kind === 'deliver') listener.onMessage(message);
    scheduleAck();
  }

  function scheduleAck(): void {
    state.ackTimer ??= setTimeout(() => {
      state.ackTimer = null;
      send({ kind: 'ack', through: window.through() });
    }, ackDelayMs);
  }

  async function reattach(reason: string): Promise<void> {
    if (state.attaching || state.closed) return;
    state.attaching = true;
    state.charsSinceAttach = 0;
    state.partial = '';
    await state.process.detach().catch(() => undefined);
    const attached = await attachAgain(state.process.pid);
    state.attaching = false;
    if (!attached) return lose(reason);
    state.process = attached;
    void watch(attached);
    send({ kind: 'resume', after: window.through() });
  }

  async function attachAgain(pid: number): Promise<ProviderProcess | null> {
    for (let attempt = 1; attempt <= attachAttempts && !state.closed; attempt += 1) {
      try {
        return await sandbox.attach(pid, (text) => receive(text));
      } catch (error) {
        log.warn({ err: error, sandboxId: sandbox.sandboxId, attempt }, 'reattach to runner failed');
      }
    }
    return null;
  }

  async function watch(watched: ProviderProcess): Promise<void> {
    const end = await watched.ended;
    if (state.closed || state.attaching || watched !== state.process) return;
    if (end.kind === 'exited') lose(`the runner exited with code ${end.exitCode}`);
    else await reattach(end.reason);
  }

  function lose(reason: string): void {
    if (state.closed) return;
    shut();
    listener.onLost(reason);
  }

  function shut(): void {
    state.closed = true;
    clearInterval(beatTimer);
    if (state.ackTimer) clearTimeout(state.ackTimer);
  }

  for (const text of early) receive(text);
  void watch(process);
  return {
    send,
    async close() {
      if (state.closed) return;
      shut();
      await state.process
        .write(`${JSON.stringify({ kind: 'stop' } satisfies HostFrame)}\n`)
        .catch(() => undefined);
      await state.process.detach().catch(() => undefined);
    },
  };
}
