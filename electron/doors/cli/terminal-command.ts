// A shell in a sandbox on this terminal: keys go there as they are pressed, output comes as it is written.
import type { z } from 'zod';
import { DeskError } from '../../contract/errors.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import {
  closeTerminal,
  openTerminal,
  readTerminal,
  resizeTerminal,
  terminalWaitMs,
  terminalWriteBytes,
  writeTerminal,
} from '../../contract/terminal.ts';
import type { DeskClient } from '../control-client.ts';
import { askHost, withHost } from './ask-host.ts';
import type { CliIo, RawTerminal } from './cli-io.ts';
import { type CliCommand, type CommandContext, defineCommand } from './command.ts';

/** Ctrl-], as telnet has it. */
const detachByte = 0x1d;

/** `terminal`: ends with the shell, or leaves at Ctrl-] and ends the shell. Refused where there is no terminal. */
export function terminalCommand(): CliCommand {
  return defineCommand({
    name: 'terminal',
    summary: 'Open a shell in a sandbox on this terminal; Ctrl-] leaves it.',
    input: openTerminal.input.pick({ id: true }),
    positional: ['id'],
    async run({ id }, context) {
      const screen = usableTerminal(context);
      await withHost(context, async (client) => {
        const { terminalId } = await askHost(
          client,
          openTerminal,
          { id, ...screen.size },
          context.io.interrupt,
        );
        context.io.stderr.write(`Shell in sandbox ${id}. It ends with exit; Ctrl-] leaves and ends it.\n`);
        const end = await converse(client, terminalId, screen, context.io);
        context.io.stderr.write(`\n${end}\n`);
      });
    },
  });
}

function usableTerminal({ io, json }: CommandContext): RawTerminal {
  if (json)
    throw new DeskError(
      'INVALID_INPUT',
      '--json: one document cannot carry a terminal. For one command and its result: neural-trader exec',
    );
  if (io.rawTerminal) return io.rawTerminal;
  throw new DeskError(
    'INVALID_INPUT',
    'terminal needs stdin and stdout to be a terminal. For one command and its result: neural-trader exec',
  );
}

/** Resolves with the end in words. Gives the keyboard back, whatever happens. */
async function converse(
  client: DeskClient,
  terminalId: string,
  screen: RawTerminal,
  io: CliIo,
): Promise<string> {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, io.interrupt]);
  let typed: Promise<unknown> = Promise.resolve();
  const type = (bytes: Uint8Array): void => {
    const detachAt = bytes.indexOf(detachByte);
    const kept = detachAt < 0 ? bytes : bytes.subarray(0, detachAt);
    for (let at = 0; at < kept.byteLength; at += terminalWriteBytes) {
      const data = Buffer.from(kept.subarray(at, at + terminalWriteBytes)).toString('base64');
      // What cannot be typed any more has a reason that the next read tells.
      typed = typed
        .then(() => client.call(writeTerminal.name, { terminalId, data }, signal))
        .catch(() => undefined);
    }
    if (detachAt >= 0) left.abort();
  };
  const resize = (): void => {
    client.call(resizeTerminal.name, { terminalId, ...screen.size }, signal).catch(() => undefined);
  };
  const giveBack = screen.take(type, resize);
  try {
    return await showUntilEnd(client, terminalId, screen, io, signal);
  } finally {
    giveBack();
    if (signal.aborted) await client.call(closeTerminal.name, { terminalId }).catch(() => undefined);
  }
}

async function showUntilEnd(
  client: DeskClient,
  terminalId: string,
  screen: RawTerminal,
  io: CliIo,
  signal: AbortSignal,
): Promise<string> {
  let afterByte = 0;
  for (;;) {
    const output = await readOnce(client, { terminalId, afterByte, waitMs: terminalWaitMs }, signal);
    if (output === null) return 'Left; the shell is ended.';
    afterByte = output.nextByte;
    if (output.droppedBytes > 0) io.stderr.write(`\r\n[dropped ${output.droppedBytes} bytes]\r\n`);
    await screen.show(Buffer.from(output.data, 'base64'));
    if (output.ended) return `The terminal is over: ${output.ended.reason}.`;
  }
}

/** Null when the user has left. */
async function readOnce(
  client: DeskClient,
  input: z.input<typeof readTerminal.input>,
  signal: AbortSignal,
): Promise<OutputOf<typeof readTerminal> | null> {
  try {
    const output = await askHost(client, readTerminal, input, signal);
    return signal.aborted ? null : output;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
