// The surroundings of a real terminal or script.
import { on } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CliIo, RawTerminal, TextSink } from './cli-io.ts';

/** Binds the command line to this process. A second Ctrl-C gives up waiting for an orderly end. */
export function createProcessIo(
  entry: Pick<CliIo, 'version' | 'daemonPath' | 'startLocalServices' | 'openResearch'>,
): CliIo {
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(1);
    interrupt.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  // The reader of a pipe may leave early, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    interrupt.abort();
  });
  return {
    ...entry,
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    env: process.env,
    platform: process.platform,
    cwd: process.cwd(),
    now: () => Date.now(),
    interrupt: interrupt.signal,
    readSecret: (what) => readSecret(what, interrupt.signal),
    confirm:
      process.stdin.isTTY && process.stderr.isTTY ? (question) => confirm(question, interrupt.signal) : null,
    rawTerminal:
      process.stdin.isTTY && process.stdout.isTTY ? rawTerminal(process.stdin, process.stdout) : null,
  };
}

function rawTerminal(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): RawTerminal {
  return {
    get size() {
      return { cols: stdout.columns, rows: stdout.rows };
    },
    take(onBytes, onResize) {
      stdin.setRawMode(true);
      stdin.on('data', onBytes);
      stdout.on('resize', onResize);
      return () => {
        stdout.off('resize', onResize);
        stdin.off('data', onBytes);
        stdin.pause();
        stdin.setRawMode(false);
      };
    },
    show: (bytes) => new Promise((resolve) => stdout.write(bytes, () => resolve())),
  };
}

function sink(stream: NodeJS.WriteStream): TextSink {
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || 80;
    },
  };
}

/** The first line; the rest of the input is left alone. */
async function readSecret(what: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silence, terminal: stdin.isTTY === true });
  if (stdin.isTTY) stderr.write(`${what}: `);
  try {
    for await (const line of on(lines, 'line', { signal, close: ['close'] })) return String(line[0]);
    return '';
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  }
}

/** Asks on stderr, so that stdout stays the answer's. Anything but y or yes is a no. */
async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
