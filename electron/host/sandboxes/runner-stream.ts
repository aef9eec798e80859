// The output stream of one runner: follows the process, and attaches anew while the process may still be alive.
// Output that was written while nobody followed is gone; whoever reads must ask for it.
import { DeskError } from '../../contract/errors.ts';
import type { Log } from '../log.ts';
import { backOffMs, type LinkTimers, patienceMs, pause, within } from './link-timers.ts';
import type { ProviderProcess, ProviderSandbox } from './provider.ts';

/** The SDK keeps all output in memory; a fresh connection lets go of it. */
const rotateAfterChars = 4 * 1024 * 1024;
/** Five heartbeats: a connection that is dead without saying so is replaced. */
const silentAfterMs = 10_000;
const attachLimitMs = 8_000;
/** An attachment that lasted this long makes the next loss a new one, without a wait. */
const steadyAfterMs = 5_000;
/** The SDK answers "no such sandbox" also while a provider is merely busy, so it is believed when repeated. */
const believedAnswers = 3;

export interface RunnerStream {
  /** Passes on what was written since the start and follows from now on. */
  follow(): void;
  write(text: string): Promise<void>;
  /** Attaches anew, unless that is under way. */
  renew(reason: string): void;
  /** Attaches anew when nothing was heard for 10 s; call it every second. */
  checkSilence(): void;
  /** Stops following; the process goes on. */
  close(): Promise<void>;
}

export interface RunnerStreamParts {
  readonly sandbox: ProviderSandbox;
  readonly timers: LinkTimers;
  readonly log: Log;
  onText(text: string): void;
  /** The text that follows comes from another stream and may begin within a line. */
  onInterrupted(): void;
  onAttached(): void;
  /** The process has ended or cannot be reached: close the stream. */
  onLost(reason: string): void;
}

type Attempt =
  | { readonly kind: 'attached'; readonly process: ProviderProcess }
  | { readonly kind: 'process-gone' | 'sandbox-gone' | 'failed'; readonly reason: string };

/** Starts the command. Rejects with SANDBOX_UNAVAILABLE. */
export async function openRunnerStream(command: string, parts: RunnerStreamParts): Promise<RunnerStream> {
  const { sandbox, timers, log } = parts;
  const closed = new AbortController();
  const { signal } = closed;
  const early: string[] = [];
  let following = false;
  /** Tells the present stream from abandoned ones, whose output must not be mixed in. */
  let generation = 1;
  let charsSinceAttach = 0;
  let heardAt = timers.monotonicMs();
  let attachedAt = heardAt;
  let outageSince: number | null = null;
  /** Attachments tried since the last one that held. */
  let attempts = 0;
  let renewing = false;
  let process = await sandbox.start(command, receiver(1));

  function receiver(own: number): (text: string) => void {
    return (text) => {
      if (signal.aborted || own !== generation) return;
      if (following) receive(text);
      else early.push(text);
    };
  }

  function receive(text: string): void {
    charsSinceAttach += text.length;
    heardAt = timers.monotonicMs();
    outageSince = null;
    parts.onText(text);
    if (charsSinceAttach > rotateAfterChars) renew('its output limit is reached');
  }

  async function watch(watched: ProviderProcess): Promise<void> {
    const own = generation;
    const end = await watched.ended;
    if (signal.aborted || own !== generation) return;
    if (end.kind === 'exited') lose(`the runner exited with code ${end.exitCode}`);
    else renew(end.reason);
  }

  function renew(reason: string): void {
    if (renewing || signal.aborted) return;
    renewing = true;
    void reattach(reason);
  }

  async function reattach(reason: string): Promise<void> {
    const since = (outageSince ??= timers.monotonicMs());
    if (timers.monotonicMs() - attachedAt >= steadyAfterMs) attempts = 0;
    void process.detach().catch(() => undefined);
    let goneAnswers = 0;
    let lastReason = reason;
    while (timers.monotonicMs() - since < patienceMs) {
      if (attempts > 0) await pause(timers, backOffMs(timers, attempts), signal);
      if (signal.aborted) return;
      attempts += 1;
      const attempt = await attachOnce();
      if (attempt.kind === 'attached') return adopt(attempt.process);
      log.warn({ sandboxId: sandbox.sandboxId, attempts, reason: attempt.reason }, 'not attached to runner');
      goneAnswers = attempt.kind === 'sandbox-gone' ? goneAnswers + 1 : 0;
      if (attempt.kind === 'process-gone' || goneAnswers === believedAnswers) {
        return lose(`${reason}; then ${attempt.reason}`);
      }
      lastReason = attempt.reason;
    }
    lose(`${reason}; it was not heard again within ${patienceMs / 1_000} s: ${lastReason}`);
  }

  async function attachOnce(): Promise<Attempt> {
    generation += 1;
    charsSinceAttach = 0;
    parts.onInterrupted();
    const attaching = sandbox.attach(process.pid, receiver(generation));
    try {
      return { kind: 'attached', process: await within(timers, attachLimitMs, attaching, signal) };
    } catch (error) {
      generation += 1;
      // It may come about later, and nobody else would let go of it.
      void attaching.then((late) => late.detach()).catch(() => undefined);
      return {
        kind: await whatIsGone(error),
        reason: error instanceof Error ? error.message : String(error),
      };
    }
  }

  async function whatIsGone(error: unknown): Promise<'process-gone' | 'sandbox-gone' | 'failed'> {
    if (!(error instanceof DeskError)) return 'failed';
    // The process service itself has answered, so there is no doubt.
    if (error.code === 'PROCESS_NOT_FOUND') return 'process-gone';
    if (error.code !== 'SANDBOX_NOT_FOUND') return 'failed';
    const alive = within(timers, attachLimitMs, sandbox.isAlive(), signal);
    return (await alive.catch(() => true)) ? 'failed' : 'sandbox-gone';
  }

  function adopt(attached: ProviderProcess): void {
    process = attached;
    attachedAt = timers.monotonicMs();
    heardAt = attachedAt;
    renewing = false;
    void watch(attached);
    parts.onAttached();
  }

  function lose(reason: string): void {
    if (!signal.aborted) parts.onLost(reason);
  }

  async function close(): Promise<void> {
    if (signal.aborted) return;
    closed.abort();
    await process.detach().catch(() => undefined);
  }

  return {
    follow() {
      following = true;
      void watch(process);
      for (const text of early.splice(0)) receive(text);
    },
    write: (text) => process.write(text),
    renew,
    checkSilence() {
      const silentMs = timers.monotonicMs() - heardAt;
      if (silentMs >= silentAfterMs) renew(`nothing was heard for ${Math.round(silentMs / 1_000)} s`);
    },
    close,
  };
}
