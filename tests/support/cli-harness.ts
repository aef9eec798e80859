// Runs the command line inside the test's process, against a desk of the test's making on a real socket.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Desk } from '../../electron/contract/desk.ts';
import type { CliIo } from '../../electron/doors/cli/cli-io.ts';
import { runCli } from '../../electron/doors/cli/run-cli.ts';
import { serveControlSocket } from '../../electron/doors/control-socket.ts';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliHarness {
  readonly home: string;
  run(...argv: string[]): Promise<CliRun>;
  /** Runs with other surroundings, for example a terminal. */
  runWith(io: Partial<CliIo>, ...argv: string[]): Promise<CliRun>;
  /** Ends the host; without one, nothing. */
  closeHost(): Promise<void>;
}

/** Gives the command line a data directory of its own and, when there is a desk, a host that serves it. */
export async function createCliHarness(desk: Desk | null): Promise<CliHarness> {
  const home = join(temporaryDirectory(), 'home');
  const paths = resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform);
  let closeHost = (): Promise<void> => Promise.resolve();
  if (desk) {
    ensureDataDir(paths);
    const server = await serveControlSocket(desk, paths.controlSocket);
    closeHost = () => server.close();
    onTestFinished(closeHost);
  }
  async function runWith(io: Partial<CliIo>, ...argv: string[]): Promise<CliRun> {
    const stdout = memorySink(false);
    const stderr = memorySink(false);
    const code = await runCli(argv, {
      stdout,
      stderr,
      env: { ...process.env, NEURAL_TRADER_HOME: home },
      platform: process.platform,
      cwd: home,
      now: () => Date.now(),
      version: '9.8.7',
      interrupt: new AbortController().signal,
      confirm: null,
      readSecret: () => Promise.reject(new Error('this test gives no standard input')),
      rawTerminal: null,
      daemonPath: join(home, 'no-daemon.js'),
      openResearch: () => Promise.reject(new Error('this test does no research of its own')),
      startLocalServices: () => Promise.reject(new Error('this test starts no local services')),
      ...io,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }
  return { home, runWith, closeHost, run: (...argv) => runWith({}, ...argv) };
}

export interface MemorySink {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
  text(): string;
}

export function memorySink(isTTY: boolean): MemorySink {
  let written = '';
  return {
    isTTY,
    columns: 80,
    write: (text) => {
      written += text;
    },
    text: () => written,
  };
}
