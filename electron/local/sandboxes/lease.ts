// The life of one sandbox as its creator ordered it: when it ends, whether it is paused then, and how it comes back.
import type { Clock } from './clock.ts';
import { ApiFault } from './control/api-fault.ts';
import type { NetworkPolicy } from './network-policy.ts';
import type { Sandbox } from './sandbox.ts';
import type { CopiedFiles } from './sandbox-request.ts';

/** Node's timers overflow beyond this; a longer wait is taken in several. */
const longestTimerMs = 2 ** 31 - 1;
/** What traffic to a paused sandbox wakes it for, at least. */
const shortestWakeMs = 300_000;

/** Less than the clocks drift apart over a session is no jump. */
const clockToleranceMs = 1_000;

/** What happens when the time is over. */
export interface Lifecycle {
  readonly onTimeout: 'kill' | 'pause';
  /** Whether processes outlive a pause at the end of the time. */
  readonly keepMemory: boolean;
  /** Whether a call to the paused sandbox wakes it. */
  readonly autoResume: boolean;
}

export interface LeaseTerms {
  readonly timeoutMs: number;
  readonly lifecycle: Lifecycle;
  /** The longest a sandbox may run in one go. */
  readonly maxSessionMs: number;
}

export interface Lease {
  readonly sandbox: Sandbox;
  readonly lifecycle: Lifecycle;
  /** A sandbox that is being paused or resumed counts as paused. */
  state(): 'running' | 'paused';
  /** Epoch milliseconds at which the running sandbox expires, or the paused one would, if the machine runs until then. */
  endAt(): number;
  /** Moves the expiry to `timeoutMs` from now, within the longest session. Throws an ApiFault 409 when paused. */
  setTimeout(timeoutMs: number): void;
  /** Moves the expiry away, never nearer. */
  extend(timeoutMs: number): void;
  /** Throws an ApiFault 409 when it is paused already. */
  pause(keepMemory: boolean): Promise<void>;
  /** Resolves with whether it was paused; without `keepMemory` processes do not come back. */
  resume(timeoutMs: number, keepMemory: boolean): Promise<boolean>;
  /** Resolves with whether a call may go on, after waking a sandbox that calls may wake. */
  wake(): Promise<boolean>;
  /** Changes what it may reach, between pauses. Throws an ApiFault 409 when it is paused, and as the sandbox does. */
  setNetwork(policy: NetworkPolicy): Promise<void>;
  /** Copies its files to a directory, between pauses. */
  copyFiles(target: string): Promise<CopiedFiles>;
  /** Ends the sandbox. */
  close(): Promise<void>;
}

export interface LeaseOptions {
  readonly clock: Clock;
  /** Throws when one more sandbox cannot run. */
  readonly admit: () => void;
  /** Hears that the time is over and the sandbox is to be killed. */
  readonly expired: () => void;
  /** Hears of a pause at the end of the time that failed. */
  readonly report: (bug: unknown) => void;
}

export function createLease(sandbox: Sandbox, terms: LeaseTerms, options: LeaseOptions): Lease {
  const { clock, admit, expired, report } = options;
  const { lifecycle } = terms;
  // Both in running time.
  let startedAt = clock.running();
  let endsAt = startedAt + Math.min(terms.timeoutMs, terms.maxSessionMs);
  let wallOffset = clock.now() - clock.running();
  let timer: NodeJS.Timeout | undefined;
  let isRunning = true;
  let isClosed = false;
  let hasMemory = true;
  /** Pausing and resuming take turns. */
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = turn.then(act);
    turn = next.catch(() => undefined);
    return next;
  }

  function watch(): void {
    clearTimeout(timer);
    const remainingMs = Math.max(0, endsAt - clock.running());
    timer = setTimeout(
      () => (endsAt <= clock.running() ? expire() : watch()),
      Math.min(remainingMs, longestTimerMs),
    );
  }

  function expire(): void {
    if (lifecycle.onTimeout === 'kill') expired();
    else if (isRunning) pause(lifecycle.keepMemory).catch(report);
  }

  function setTimeoutAt(timeoutMs: number): void {
    endsAt = Math.min(clock.running() + timeoutMs, startedAt + terms.maxSessionMs);
    watch();
  }

  function endAt(): number {
    const offset = clock.now() - clock.running();
    // The clocks never agree to the millisecond: only a real difference moves an end that nobody has moved.
    if (Math.abs(offset - wallOffset) > clockToleranceMs) wallOffset = offset;
    return Math.round(endsAt + wallOffset);
  }

  async function pause(keepMemory: boolean): Promise<void> {
    if (!isRunning) throw new ApiFault(409, `sandbox '${sandbox.id}' is paused already`);
    isRunning = false;
    hasMemory = keepMemory;
    clearTimeout(timer);
    await inTurn(() => sandbox.pause(keepMemory));
  }

  function resume(timeoutMs: number, keepMemory: boolean): Promise<boolean> {
    return inTurn(async () => {
      if (isClosed) throw ApiFault.sandboxNotFound(sandbox.id);
      if (isRunning) return false;
      admit();
      await sandbox.resume(keepMemory);
      isRunning = true;
      startedAt = clock.running();
      setTimeoutAt(timeoutMs);
      return true;
    });
  }

  watch();
  return {
    sandbox,
    lifecycle,
    state: () => (isRunning ? 'running' : 'paused'),
    endAt,
    setTimeout(timeoutMs) {
      if (!isRunning) throw new ApiFault(409, `sandbox '${sandbox.id}' is not running: connect to it first`);
      setTimeoutAt(timeoutMs);
    },
    extend(timeoutMs) {
      if (endsAt - clock.running() < timeoutMs) setTimeoutAt(timeoutMs);
    },
    pause,
    resume,
    async wake() {
      if (isRunning) return true;
      if (!lifecycle.autoResume || !hasMemory) return false;
      await resume(Math.max(shortestWakeMs, terms.timeoutMs), true);
      return true;
    },
    setNetwork: (policy) =>
      inTurn(async () => {
        if (!isRunning) throw new ApiFault(409, `sandbox '${sandbox.id}' is not running`);
        await sandbox.setNetwork(policy);
      }),
    copyFiles: (target) =>
      inTurn(async () => {
        if (isClosed) throw ApiFault.sandboxNotFound(sandbox.id);
        return sandbox.copyFiles(target);
      }),
    async close() {
      isClosed = true;
      isRunning = false;
      clearTimeout(timer);
      await turn;
      await sandbox.close();
    },
  };
}
