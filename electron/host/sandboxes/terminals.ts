// The terminals that are open, and their ends. What passes through is never journalled.
import { randomBytes } from 'node:crypto';
import { DeskError } from '../../contract/errors.ts';
import type { Actor } from '../../contract/names.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import type { FleetSandbox, ProviderTerminal, TerminalSize } from './provider.ts';
import { createTerminalTape, type ShownBytes, type TerminalTape } from './terminal-tape.ts';

/** Of the whole host. */
const terminalLimit = 8;
const defaultUnreadMs = 60_000;
const checksPerLife = 60;

export interface TerminalOutput extends ShownBytes {
  readonly ended: TerminalEnd | null;
}

interface TerminalEnd {
  /** Null when the shell's end was not heard. */
  readonly exitCode: number | null;
  readonly reason: string;
}

export interface Terminals {
  /** Resolves with the terminal's id. Rejects with SANDBOX_NOT_FOUND, SANDBOX_UNAVAILABLE or TERMINAL_LIMIT. */
  open(sandboxId: string, size: TerminalSize, actor: Actor): Promise<string>;
  /** Waits up to `waitMs` for output after the position. Rejects with TERMINAL_NOT_FOUND. */
  read(terminalId: string, afterByte: number, waitMs: number, signal: AbortSignal): Promise<TerminalOutput>;
  /** Types bytes, after those of earlier calls. Rejects with TERMINAL_NOT_FOUND or the provider's code. */
  write(terminalId: string, bytes: Uint8Array): Promise<void>;
  resize(terminalId: string, size: TerminalSize): Promise<void>;
  /** Ends the shell and forgets the terminal. Throws TERMINAL_NOT_FOUND. */
  end(terminalId: string, actor: Actor): void;
  /** Ends all of them; no more are opened. */
  close(): void;
}

export interface TerminalParts {
  readonly store: Pick<Store, 'commit'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The running sandbox of that id. Throws SANDBOX_NOT_FOUND. */
  readonly find: (sandboxId: string) => FleetSandbox;
  /** A terminal that nobody reads for this long is ended, and an ended one forgotten. 60 s when left out. */
  readonly unreadMs?: number;
}

interface Terminal {
  readonly terminalId: string;
  readonly sandboxId: string;
  readonly sandbox: FleetSandbox;
  readonly shell: ProviderTerminal;
  readonly tape: TerminalTape;
  readAt: number;
  /** Settles when the writes so far are done. */
  written: Promise<void>;
  ended: TerminalEnd | null;
}

/** Creates the desk's terminals; call `close` at its end. */
export function createTerminals(parts: TerminalParts): Terminals {
  const { store, clock, log, find, unreadMs = defaultUnreadMs } = parts;
  const terminals = new Map<string, Terminal>();
  let opening = 0;
  let closed = false;
  const timer = setInterval(check, unreadMs / checksPerLife);

  function known(terminalId: string): Terminal {
    const terminal = terminals.get(terminalId);
    if (terminal) return terminal;
    throw new DeskError(
      'TERMINAL_NOT_FOUND',
      `There is no terminal "${terminalId}": it was closed, or nobody read it for a minute. Open another one.`,
      { terminalId },
    );
  }

  async function open(sandboxId: string, size: TerminalSize, actor: Actor): Promise<string> {
    const sandbox = find(sandboxId);
    const alive = [...terminals.values()].filter((terminal) => terminal.ended === null);
    if (alive.length + opening >= terminalLimit)
      throw new DeskError(
        'TERMINAL_LIMIT',
        `${terminalLimit} terminals are open, which is the most. Close one of them first.`,
        { limit: terminalLimit },
      );
    const tape = createTerminalTape();
    opening += 1;
    try {
      const shell = await sandbox.openTerminal(size, tape.push);
      if (closed) {
        await shell.kill();
        throw new DeskError('HOST_STOPPING', 'The host is shutting down. Start it again, then repeat.');
      }
      return keep({ sandboxId, sandbox, shell, tape }, actor);
    } finally {
      opening -= 1;
    }
  }

  function keep(opened: Pick<Terminal, 'sandboxId' | 'sandbox' | 'shell' | 'tape'>, actor: Actor): string {
    const terminalId = `term-${randomBytes(8).toString('hex')}`;
    const readAt = clock.monotonicMs();
    const terminal: Terminal = { ...opened, terminalId, readAt, written: Promise.resolve(), ended: null };
    terminals.set(terminalId, terminal);
    const { sandboxId } = opened;
    store.commit({ kind: 'TerminalOpened', at: clock.now(), terminalId, sandboxId, actor });
    void watch(terminal);
    return terminalId;
  }

  async function watch(terminal: Terminal): Promise<void> {
    const end = await terminal.shell.ended;
    if (end.kind === 'exited') return finish(terminal, exited(end.exitCode), 'host');
    const alive = isThere(terminal.sandboxId) && (await terminal.sandbox.isAlive().catch(() => true));
    finish(terminal, alive ? lost(`its connection broke: ${end.reason}`) : sandboxGone, 'host');
  }

  function isThere(sandboxId: string): boolean {
    try {
      find(sandboxId);
      return true;
    } catch {
      return false;
    }
  }

  function finish(terminal: Terminal, end: TerminalEnd, actor: Actor): void {
    if (terminal.ended !== null) return;
    terminal.ended = end;
    terminal.readAt = clock.monotonicMs();
    const { terminalId, sandboxId } = terminal;
    const { reason } = end;
    store.commit({ kind: 'TerminalClosed', at: clock.now(), terminalId, sandboxId, actor, reason });
    terminal.tape.end();
    if (end.exitCode === null)
      terminal.shell
        .kill()
        // In a sandbox that is gone there is nothing left to end.
        .catch((error: unknown) => log.warn({ err: error, terminalId, sandboxId }, 'shell not ended'));
  }

  function check(): void {
    const now = clock.monotonicMs();
    for (const terminal of terminals.values()) {
      const unread = !terminal.tape.isAwaited() && now - terminal.readAt >= unreadMs;
      if (!isThere(terminal.sandboxId)) finish(terminal, sandboxGone, 'host');
      else if (unread && terminal.ended === null)
        finish(terminal, lost(`nobody read it for ${unreadMs / 1_000} s`), 'host');
      if (unread) terminals.delete(terminal.terminalId);
    }
  }

  return {
    open,
    async read(terminalId, afterByte, waitMs, signal) {
      const terminal = known(terminalId);
      const shown = await terminal.tape.read(afterByte, waitMs, signal);
      terminal.readAt = clock.monotonicMs();
      return { ...shown, ended: terminal.ended };
    },
    async write(terminalId, bytes) {
      const terminal = known(terminalId);
      const writing = terminal.written.then(() => terminal.shell.write(bytes));
      terminal.written = writing.catch(() => undefined);
      await writing;
    },
    async resize(terminalId, size) {
      await known(terminalId).shell.resize(size);
    },
    end(terminalId, actor) {
      const terminal = known(terminalId);
      finish(terminal, lost('closed'), actor);
      terminals.delete(terminalId);
    },
    close() {
      closed = true;
      clearInterval(timer);
      for (const terminal of terminals.values()) finish(terminal, lost('the host is stopping'), 'host');
      terminals.clear();
    },
  };
}

const sandboxGone = lost('its sandbox no longer runs');

function lost(reason: string): TerminalEnd {
  return { exitCode: null, reason };
}

function exited(exitCode: number): TerminalEnd {
  return { exitCode, reason: `the shell exited with code ${exitCode}` };
}
