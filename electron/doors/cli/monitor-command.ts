// Follows the desk on the terminal. A replica: it shows what the host's events say and asks for nothing else.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DeskError } from '../../contract/errors.ts';
import { emptyReplica, foldFrame, type Replica } from '../../contract/replica.ts';
import type { DeskClient } from '../control-client.ts';
import { withHost } from './ask-host.ts';
import { type CliCommand, type CommandContext, defineCommand } from './command.ts';
import { type MonitorSummary, summarise } from './monitor-summary.ts';
import { monitorLine, monitorScreen } from './monitor-view.ts';

const redrawMs = 250;
const lineMs = 1_000;
// The snapshot comes at once, the first gauges within the host's next sample.
const gaugesWithinMs = 1_000;

const enterScreen = '\x1b[?1049h\x1b[?25l';
const leaveScreen = '\x1b[?25h\x1b[?1049l';
const clearScreen = '\x1b[H\x1b[J';

/** `monitor`: redraws at most four times a second on a terminal, prints a line a second elsewhere. */
export function monitorCommand(): CliCommand {
  return defineCommand({
    name: 'monitor',
    summary: 'Follow mode, agents, spend, latency and fills until Ctrl-C.',
    input: z.object({ once: z.boolean().default(false).describe('Print one picture and exit') }),
    async run({ once }, context) {
      if (context.json && !once) {
        throw new DeskError('INVALID_INPUT', '--json: one document cannot follow the desk; add --once');
      }
      await withHost(context, async (client) => {
        const replica = await follow(client);
        if (once) await printOnce(client, replica, context);
        else await watch(client, replica, context);
      });
    },
  });
}

/** Returns what is known by now. */
async function follow(client: DeskClient): Promise<() => Replica> {
  let replica = emptyReplica;
  await client.subscribe((frame, subscription) => {
    const next = foldFrame(replica, frame);
    if (!next) return subscription.resync();
    replica = next;
    return subscription.ack();
  });
  return () => replica;
}

function isFilled(replica: Replica): boolean {
  return replica.seq >= 0;
}

async function printOnce(client: DeskClient, replica: () => Replica, context: CommandContext): Promise<void> {
  const { io, colors } = context;
  const deadline = io.now() + gaugesWithinMs;
  while (!isFilled(replica()) || (!replica().gauges && io.now() < deadline)) {
    if (await endedWithin(client, redrawMs / 10, io.interrupt))
      throw new DeskError('CANCELLED', 'Stopped before the desk was read.');
  }
  const { state, gauges } = replica();
  const summary = summarise(state, gauges, io.now());
  context.answer(summary, () => monitorScreen(summary, colors));
}

async function watch(
  client: DeskClient,
  replica: () => Replica,
  { io, colors }: CommandContext,
): Promise<void> {
  const { stdout } = io;
  const draw = stdout.isTTY
    ? (summary: MonitorSummary) => stdout.write(clearScreen + monitorScreen(summary, colors))
    : (summary: MonitorSummary) => stdout.write(`${monitorLine(summary)}\n`);
  if (stdout.isTTY) stdout.write(enterScreen);
  try {
    for (;;) {
      const known = replica();
      if (isFilled(known)) draw(summarise(known.state, known.gauges, io.now()));
      const pauseMs = !isFilled(known) ? redrawMs / 10 : stdout.isTTY ? redrawMs : lineMs;
      if (await endedWithin(client, pauseMs, io.interrupt)) return;
    }
  } finally {
    if (stdout.isTTY) stdout.write(leaveScreen);
  }
}

/** Waits. True when the user has had enough; rejects when the host goes away. */
async function endedWithin(client: DeskClient, ms: number, interrupt: AbortSignal): Promise<boolean> {
  const waited = new AbortController();
  const pause = sleep(ms, null, { signal: AbortSignal.any([interrupt, waited.signal]) }).catch(() => null);
  try {
    const reason = await Promise.race([pause, client.whenClosed]);
    if (reason) throw reason;
    return interrupt.aborted;
  } finally {
    waited.abort();
  }
}
