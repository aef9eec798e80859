// The link to one runner: frames out, messages in; numbered messages exactly once and in order, whatever the stream loses.
import type { Log } from '../log.ts';
import { createLineSplitter, type SplitLine } from './line-splitter.ts';
import { type HostFrame, parseRunnerLine, type RunnerMessage } from './link-messages.ts';
import { type LinkTimers, systemLinkTimers } from './link-timers.ts';
import { createMessageWindow } from './message-window.ts';
import type { ProviderSandbox } from './provider.ts';
import { createResumeRequests } from './resume-requests.ts';
import { openRunnerStream } from './runner-stream.ts';
import { createWriteQueue } from './write-queue.ts';

const beatMs = 1_000;
const ackDelayMs = 50;
const lineLimitChars = 1024 * 1024;
const brokenLineEveryMs = 1_000;
const closeLimitMs = 2_000;

export interface LinkListener {
  /** Each numbered message once and in order; the others as they come. Throwing on a numbered one loses the link. */
  onMessage(message: RunnerMessage): void;
  /** A line that is not of the protocol, at most one a second; the link goes on. */
  onBrokenLine(line: string): void;
  /** The runner is gone and the link is closed. */
  onLost(reason: string): void;
}

export interface RunnerLink {
  send(frame: HostFrame): void;
  /** Writes what waits, asks the runner to stop and closes the link, within 2 s; `onLost` is not called. */
  close(): Promise<void>;
}

/** Starts the runner's command in the sandbox and links to it. Rejects with SANDBOX_UNAVAILABLE. */
export async function openRunnerLink(
  sandbox: ProviderSandbox,
  command: string,
  listener: LinkListener,
  log: Log,
  timers: LinkTimers = systemLinkTimers,
): Promise<RunnerLink> {
  const window = createMessageWindow();
  const splitter = createLineSplitter(lineLimitChars);
  let closed = false;
  let closing: Promise<void> | null = null;
  /** The next line may be the end of one whose beginning nobody heard. */
  let mayBeCut = false;
  let brokenLineAt = Number.NEGATIVE_INFINITY;
  let cancelAck: (() => void) | null = null;
  let cancelTick = (): void => undefined;

  const stream = await openRunnerStream(command, {
    sandbox,
    timers,
    log,
    onText: (text) => splitter.push(text).forEach(receiveLine),
    onInterrupted() {
      splitter.reset();
      mayBeCut = true;
    },
    onAttached: () => resumes.askAnew(),
    onLost: lose,
  });
  const queue = createWriteQueue({ write: (text) => stream.write(text), onStuck: lose, timers, log });
  const resumes = createResumeRequests({
    window,
    timers,
    request: (after) => queue.put({ kind: 'resume', after }),
    onUnanswered: lose,
  });

  function receiveLine(line: SplitLine): void {
    if (closed) return;
    const message = line.kind === 'line' ? parseRunnerLine(line.text) : null;
    const wasCut = mayBeCut && !message;
    mayBeCut = false;
    if (wasCut) return;
    if (!message) return receiveBroken(line.kind === 'line' ? line.text.slice(0, 200) : line.start);
    if ('n' in message) return receiveNumbered(message);
    if ('lastN' in message) compare(message.lastN);
    tell(message);
  }

  function receiveBroken(start: string): void {
    // It may have been a numbered message: the runner still has it.
    resumes.ask();
    if (timers.monotonicMs() - brokenLineAt < brokenLineEveryMs) return;
    brokenLineAt = timers.monotonicMs();
    listener.onBrokenLine(start);
  }

  function receiveNumbered(message: Extract<RunnerMessage, { n: number }>): void {
    const arrival = window.accept(message);
    if (arrival === 'gap') return resumes.ask();
    // A repeated message is acknowledged too: the first acknowledgement may be what got lost.
    if (arrival === 'duplicate' || tell(message)) scheduleAck();
    else lose(`message ${message.n} could not be taken in; the host log says why`);
  }

  function compare(lastN: number): void {
    window.note(lastN);
    if (lastN < window.through())
      lose(`the runner has started over: it counts ${lastN} messages, ${window.through()} were delivered`);
    else if (window.missing() > 0) resumes.ask();
  }

  function tell(message: RunnerMessage): boolean {
    if (closed) return false;
    try {
      listener.onMessage(message);
      return true;
    } catch (error) {
      log.error({ err: error, sandboxId: sandbox.sandboxId, kind: message.kind }, 'message not taken in');
      return false;
    }
  }

  function scheduleAck(): void {
    if (closed) return;
    cancelAck ??= timers.after(ackDelayMs, () => {
      cancelAck = null;
      queue.put({ kind: 'ack', through: window.through() });
    });
  }

  function tick(): void {
    // Set first: the check may find the runner lost and cancel it.
    cancelTick = timers.after(beatMs, tick);
    queue.put({ kind: 'beat' });
    stream.checkSilence();
  }

  function shut(): void {
    closed = true;
    cancelTick();
    cancelAck?.();
  }

  function lose(reason: string): void {
    if (closed) return;
    shut();
    queue.drop();
    void stream.close();
    const missing = window.missing();
    listener.onLost(missing > 0 ? `${reason}; ${missing} of its messages never arrived` : reason);
  }

  async function close(): Promise<void> {
    if (closed) return;
    shut();
    await stream.close();
    await queue.end(closeLimitMs);
  }

  cancelTick = timers.after(beatMs, tick);
  stream.follow();
  return {
    send: (frame) => {
      if (!closed) queue.put(frame);
    },
    close: () => (closing ??= close()),
  };
}
