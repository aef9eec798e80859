// Runs one command of the runtime's own in a sandbox to its end, in the way of a client's.
import type { AccountName } from './account.ts';
import type { Sandbox } from './sandbox.ts';
import type { CommandRequest } from './sandbox-account.ts';

/** What is kept of the output, for a message to people. */
const keptChars = 2_000;

export interface RunOptions {
  readonly user?: AccountName | undefined;
  /** Killed after this; undefined means never. */
  readonly deadlineMs?: number | undefined;
  /** Hears whole lines of both outputs. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  /** -1 for a command that was killed. */
  readonly exitCode: number;
  /** For example "exit status 2". */
  readonly status: string;
  /** The end of what it wrote. */
  readonly lastOutput: string;
}

/** Resolves when it has ended, however. Rejects with a ConnectError when it cannot be started. */
export async function runCommand(
  sandbox: Sandbox,
  request: CommandRequest,
  { user, deadlineMs, onLine = () => undefined }: RunOptions,
): Promise<RunResult> {
  const { process, output } = await sandbox.processes.start({
    command: sandbox.as(user).commandLine(request),
    withInput: false,
    terminal: undefined,
    tag: undefined,
    deadlineMs,
  });
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder(), pty: new TextDecoder() };
  const never = new AbortController().signal;
  let kept = '';
  let line = '';
  for (;;) {
    const next = await output.next(60_000, never);
    if (next.kind === 'over') break;
    if (next.kind === 'idle' || next.event.event?.case !== 'data') continue;
    const { output: written } = next.event.event.value;
    if (written?.case === undefined) continue;
    const text = decoders[written.case].decode(written.value, { stream: true });
    kept = `${kept}${text}`.slice(-keptChars);
    const lines = `${line}${text}`.split('\n');
    line = (lines.pop() ?? '').slice(-keptChars);
    for (const whole of lines) onLine(whole);
  }
  if (line !== '') onLine(line);
  const { exitCode = -1, status = '' } = await process.ended;
  return { exitCode, status, lastOutput: kept.trim() };
}
