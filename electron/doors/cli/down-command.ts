// Shuts the host down and waits until its process is gone.
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskError } from '../../contract/errors.ts';
import { hostShutdown } from '../../contract/watch.ts';
import { askHost, readState, withHost } from './ask-host.ts';
import { type CliCommand, type CommandContext, defineCommand } from './command.ts';
import { isProcessAlive } from './process-alive.ts';
import { printShutdown } from './print-watch.ts';
import { modeLine } from './view.ts';

// Agents flatten first, so an orderly end may take a while.
const goneWithinMs = 60_000;
const pollMs = 50;

/** `down`: the promised command of host.shutdown, which answers before the process has ended. */
export function downCommand(name: string): CliCommand {
  return defineCommand({
    name,
    summary: hostShutdown.summary,
    input: hostShutdown.input,
    operation: hostShutdown.name,
    async run(_, context) {
      const { io, colors } = context;
      const { pid, mode } = await withHost(context, async (client) => {
        const state = await readState(client);
        const answer = await askHost(client, hostShutdown, {}, io.interrupt);
        return { ...answer, mode: state.mode };
      });
      await untilGone(pid, context);
      context.answer({ pid }, () => `${modeLine({ colors, mode })}\n${printShutdown({ pid })}`);
    },
  });
}

async function untilGone(pid: number, { io, paths }: CommandContext): Promise<void> {
  const deadline = io.now() + goneWithinMs;
  while (isProcessAlive(pid)) {
    if (io.interrupt.aborted)
      throw new DeskError('CANCELLED', `Stopped waiting; the host (pid ${pid}) goes on shutting down.`);
    if (io.now() > deadline) {
      throw new DeskError(
        'TIMED_OUT',
        `The host (pid ${pid}) has not ended within ${goneWithinMs / 1_000} s. Its log ${paths.log} says why.`,
        { pid },
      );
    }
    await sleep(pollMs);
  }
}
