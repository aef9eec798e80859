// Starts the headless host and waits until it answers.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DeskError, isErrorCode } from '../../contract/errors.ts';
import type { Mode } from '../../contract/names.ts';
import { ensureDataDir } from '../../host/paths.ts';
import { readState, withHost } from './ask-host.ts';
import { type CliCommand, type CommandContext, defineCommand } from './command.ts';
import { modeLine } from './view.ts';

interface RunningHost {
  readonly pid: number;
  readonly mode: Mode;
}

const readyWithinMs = 60_000;
const pollMs = 100;

/** `up`: refused with HOST_RUNNING while a host answers, and with the new host's own words when it cannot start. */
export function upCommand(): CliCommand {
  return defineCommand({
    name: 'up',
    summary: 'Start the host without a window.',
    input: z.object({
      foreground: z.boolean().default(false).describe('Stay until the host ends; Ctrl-C ends it'),
    }),
    async run({ foreground }, context) {
      const running = await findHost(context);
      if (running) {
        throw new DeskError(
          'HOST_RUNNING',
          `A host runs already (pid ${running.pid}). Use it, or end it with: neural-trader down`,
          { pid: running.pid },
        );
      }
      const host = startDaemon(context, foreground);
      const { pid, mode } = await untilReady(host, context);
      const { colors, paths } = context;
      const { dataDir } = paths;
      context.answer({ pid, mode, dataDir, log: paths.log }, () =>
        [
          modeLine({ colors, mode }),
          `The host is up (pid ${pid}). Its data is in ${dataDir}, its log in ${paths.log}`,
        ].join('\n'),
      );
      if (foreground) await attend(host, context);
    },
  });
}

interface Daemon {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** What it said about its end, as an error. */
  failure(): DeskError;
}

/** Its stderr goes to the log's end, where a crash years later is still found. */
function startDaemon({ io, paths }: CommandContext, foreground: boolean): Daemon {
  ensureDataDir(paths);
  const log = openSync(paths.log, 'a', 0o600);
  const before = readFileSync(paths.log).byteLength;
  const child = spawn(process.execPath, [io.daemonPath], {
    cwd: paths.dataDir,
    env: { ...io.env, NEURAL_TRADER_HOME: paths.dataDir },
    // Also in the foreground: Ctrl-C must reach this process alone, which passes it on once.
    detached: true,
    stdio: ['ignore', 'ignore', log],
  });
  closeSync(log);
  if (!foreground) child.unref();
  let end: string | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      end ??= error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      end ??= signal ? `signal ${signal}` : `exit code ${code}`;
      resolve();
    });
  });
  return {
    child,
    ended,
    hasEnded: () => end !== null,
    failure: () =>
      readFailure(readFileSync(paths.log).subarray(before).toString('utf8'), `${end}; log ${paths.log}`),
  };
}

const FailureLine = z.object({ code: z.string().refine(isErrorCode), message: z.string() });

/** The daemon's last word is one JSON line with a code; a crash leaves plain text. */
function readFailure(written: string, end: string): DeskError {
  const lines = written.trim().split('\n').reverse();
  for (const line of lines) {
    const failure = FailureLine.safeParse(parseJson(line));
    if (failure.success) return new DeskError(failure.data.code, failure.data.message);
  }
  const lastError = lines.find((line) => /error/i.test(line)) ?? 'it wrote nothing';
  return new DeskError('INTERNAL', `The host ended while it started (${end}): ${lastError.trim()}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function findHost(context: CommandContext): Promise<RunningHost | null> {
  try {
    const { host, mode } = await withHost(context, readState);
    return host && { pid: host.pid, mode };
  } catch (error) {
    if (error instanceof DeskError && error.code === 'HOST_NOT_RUNNING') return null;
    throw error;
  }
}

async function untilReady(host: Daemon, context: CommandContext): Promise<RunningHost> {
  const { io, paths } = context;
  const deadline = io.now() + readyWithinMs;
  try {
    for (;;) {
      const running = await findHost(context);
      // Another host may have won the race to the lock; ours then ends and says so.
      if (running && running.pid === host.child.pid) return running;
      if (host.hasEnded()) throw host.failure();
      if (io.interrupt.aborted) throw new DeskError('CANCELLED', 'Stopped before the host was ready.');
      if (io.now() > deadline) {
        throw new DeskError(
          'TIMED_OUT',
          `The host did not answer within ${readyWithinMs / 1_000} s. Its log ${paths.log} says why.`,
        );
      }
      await Promise.race([sleep(pollMs), host.ended]);
    }
  } catch (error) {
    host.child.kill('SIGTERM');
    throw error;
  }
}

/** Stays until the host has ended, passing on the wish to end it. */
async function attend(host: Daemon, { io }: CommandContext): Promise<void> {
  const stop = (): void => void host.child.kill('SIGTERM');
  if (io.interrupt.aborted) stop();
  io.interrupt.addEventListener('abort', stop, { once: true });
  await host.ended;
  if (host.child.exitCode !== 0) throw host.failure();
}
