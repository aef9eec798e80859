// A sandbox in memory that keeps the provider's promises and breaks on demand: nothing is replayed to a new follower,
// output without a follower is lost, a lost stream says nothing about the process.
import { DeskError } from '../../electron/contract/errors.ts';
import type { LinkTimers } from '../../electron/host/sandboxes/link-timers.ts';
import type { ProcessEnd, ProviderProcess, ProviderSandbox } from '../../electron/host/sandboxes/provider.ts';
import { createModelRunner, type ModelRunner } from './model-runner.ts';

const heartbeatMs = 2_000;
const pid = 7;

/** What the provider answers to the next calls. */
export interface Conduct {
  attach: 'works' | 'fails' | 'hangs' | 'says the sandbox is gone' | 'says the process is gone';
  /** `fails late`: the text has arrived all the same. */
  write: 'works' | 'fails' | 'fails late' | 'hangs';
  /** `hangs`: the stream goes on as if nobody had let go of it. */
  detach: 'works' | 'hangs';
  health: 'alive' | 'gone' | 'fails';
  attachMs: number;
  writeMs: number;
  outputMs: number;
  /** Cuts output into pieces, as the wire may. */
  pieces: (text: string) => readonly string[];
}

export interface ScriptedSandbox extends ProviderSandbox {
  readonly conduct: Conduct;
  readonly runner: ModelRunner;
  /** Ends the streams; what is under way on them is lost. */
  cutStreams(reason: string): void;
  /** The streams stay open and carry nothing any more. */
  freezeStreams(): void;
  /** The runner's program stops without ending, so that it neither reads nor writes. */
  suspendRunner(): void;
  exitRunner(code: number): void;
  /** The provider ends the sandbox. */
  end(): void;
  /** Streams that somebody follows. */
  openStreams(): number;
  /** Attachments asked for. */
  attaches(): number;
  /** Stops the heartbeats. */
  dispose(): void;
}

interface Stream {
  readonly onText: (text: string) => void;
  readonly finish: (end: ProcessEnd) => void;
  open: boolean;
  frozen: boolean;
  /** When the last piece arrives. */
  dueMs: number;
}

/** Starts without a runner. */
export function createScriptedSandbox(timers: LinkTimers): ScriptedSandbox {
  const conduct: Conduct = {
    attach: 'works',
    write: 'works',
    detach: 'works',
    health: 'alive',
    attachMs: 0,
    writeMs: 0,
    outputMs: 0,
    pieces: (text) => [text],
  };
  const streams = new Set<Stream>();
  const never = new Promise<never>(() => undefined);
  let ended: number | null = null;
  let gone = false;
  let suspended = false;
  let attaches = 0;
  let stopHeartbeats = (): void => undefined;
  const runner = createModelRunner(publish, exitRunner);

  function publish(text: string): void {
    for (const stream of streams) {
      if (stream.frozen) continue;
      for (const piece of conduct.pieces(text)) deliver(stream, piece);
    }
  }

  function deliver(stream: Stream, piece: string): void {
    const hand = (): void => {
      if (stream.open && !stream.frozen) stream.onText(piece);
    };
    const now = timers.monotonicMs();
    if (conduct.outputMs === 0 && stream.dueMs <= now) return hand();
    // Pieces never overtake each other.
    stream.dueMs = Math.max(stream.dueMs, now + conduct.outputMs);
    timers.after(stream.dueMs - now, hand);
  }

  function openStream(onText: (text: string) => void): ProviderProcess {
    let finish: (end: ProcessEnd) => void = () => undefined;
    const over = new Promise<ProcessEnd>((resolve) => {
      finish = resolve;
    });
    const stream: Stream = { onText, finish, open: true, frozen: false, dueMs: 0 };
    streams.add(stream);
    if (ended !== null) close(stream, { kind: 'exited', exitCode: ended });
    return {
      pid,
      write,
      async detach() {
        if (conduct.detach === 'hangs') return never;
        close(stream, { kind: 'stream-lost', reason: 'detached' });
      },
      ended: over,
    };
  }

  function close(stream: Stream, end: ProcessEnd): void {
    stream.open = false;
    streams.delete(stream);
    stream.finish(end);
  }

  async function write(text: string): Promise<void> {
    await wait(conduct.writeMs);
    if (gone) throw sandboxGone();
    if (ended !== null) throw processGone();
    if (conduct.write === 'fails') throw unavailable();
    if (conduct.write === 'hangs') return never;
    if (!suspended) runner.take(text);
    if (conduct.write === 'fails late') throw unavailable();
  }

  function wait(delayMs: number): Promise<void> {
    return delayMs === 0 ? Promise.resolve() : new Promise((done) => timers.after(delayMs, done));
  }

  function beat(): void {
    stopHeartbeats = timers.after(heartbeatMs, beat);
    if (!suspended) runner.heartbeat();
  }

  function exitRunner(code: number): void {
    ended = code;
    stopHeartbeats();
    for (const stream of streams) close(stream, { kind: 'exited', exitCode: code });
  }

  return {
    sandboxId: 'scripted',
    upload: async () => undefined,
    exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
    extend: async () => undefined,
    async start(_command, onText) {
      stopHeartbeats = timers.after(heartbeatMs, beat);
      return openStream(onText);
    },
    async attach(wanted, onText) {
      attaches += 1;
      await wait(conduct.attachMs);
      if (gone || conduct.attach === 'says the sandbox is gone') throw sandboxGone();
      if (conduct.attach === 'fails') throw unavailable();
      if (conduct.attach === 'hangs') return never;
      if (wanted !== pid || conduct.attach === 'says the process is gone') throw processGone();
      return openStream(onText);
    },
    async isAlive() {
      if (conduct.health === 'fails') throw unavailable();
      return !gone && conduct.health === 'alive';
    },
    conduct,
    runner,
    cutStreams(reason) {
      for (const stream of streams) close(stream, { kind: 'stream-lost', reason });
    },
    freezeStreams() {
      for (const stream of streams) stream.frozen = true;
    },
    suspendRunner() {
      suspended = true;
    },
    exitRunner,
    end() {
      gone = true;
      stopHeartbeats();
      for (const stream of streams) close(stream, { kind: 'stream-lost', reason: 'terminated' });
    },
    openStreams: () => streams.size,
    attaches: () => attaches,
    dispose: () => stopHeartbeats(),
  };
}

function unavailable(): DeskError {
  return new DeskError('SANDBOX_UNAVAILABLE', 'The sandbox provider is unavailable.');
}

function sandboxGone(): DeskError {
  return new DeskError('SANDBOX_NOT_FOUND', 'The sandbox was not found.');
}

function processGone(): DeskError {
  return new DeskError('PROCESS_NOT_FOUND', 'The process was not found.');
}
