// The program that a template starts in every sandbox made from it, and the wait until it is ready.
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './run-command.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxDefaults } from './sandbox-request.ts';

/** What a template starts. */
export interface StartProgram {
  readonly startCommand?: string | undefined;
  readonly readyCommand?: string | undefined;
}

const askAgainMs = 200;

/**
 * Starts it and resolves once its ready command succeeds. Rejects when that does not come to pass in time.
 * `built` is what the template under construction has set; a finished one's is the sandbox's own.
 */
export async function startProgram(
  sandbox: Sandbox,
  { startCommand, readyCommand }: StartProgram,
  limitMs: number,
  built?: SandboxDefaults,
): Promise<void> {
  const inShell = (command: string) => ({
    cmd: '/bin/bash',
    args: ['-l', '-c', command],
    envs: { ...built?.envs },
    cwd: built?.workdir ?? '',
  });
  const user = built?.user;
  if (startCommand !== undefined) {
    const { output } = await sandbox.processes.start({
      command: sandbox.as(user).commandLine(inShell(startCommand)),
      withInput: false,
      terminal: undefined,
      tag: undefined,
      deadlineMs: undefined,
    });
    output.close();
  }
  if (readyCommand === undefined) return;
  const endAt = performance.now() + limitMs;
  for (;;) {
    const deadlineMs = Math.max(1, endAt - performance.now());
    const { exitCode, lastOutput } = await runCommand(sandbox, inShell(readyCommand), { user, deadlineMs });
    if (exitCode === 0) return;
    if (endAt - performance.now() < askAgainMs)
      throw new Error(`not ready after ${limitMs / 1_000} s: '${readyCommand}' says: ${lastOutput}`);
    await sleep(askAgainMs);
  }
}
