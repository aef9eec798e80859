// Operations on a terminal: a shell in a sandbox, whose output is fetched rather than sent, so that every door can carry it.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { SandboxId, TerminalId } from './names.ts';

/** Output kept of one terminal until it is read; older bytes fall out and are counted. */
export const terminalRingBytes = 256 * 1024;
/** Most bytes of one write. */
export const terminalWriteBytes = 64 * 1024;
/** Longest wait of one read, in milliseconds. */
export const terminalWaitMs = 20_000;

const base64 = (bytes: number) => z.base64().max(4 * Math.ceil(bytes / 3));
const terminalId = TerminalId.describe('Terminal id, as given by open');
const size = {
  cols: z.int().min(2).max(500).describe('Columns, 2 to 500'),
  rows: z.int().min(1).max(300).describe('Rows, 1 to 300'),
};

export const openTerminal = defineOperation({
  name: 'sandboxes.terminal.open',
  summary: 'Open a terminal in a sandbox; one that is not read for a minute is closed.',
  effect: 'writes',
  input: z.object({ id: SandboxId.describe('Sandbox id, as printed by list'), ...size }),
  output: z.object({ terminalId: TerminalId }),
  errors: ['SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE', 'TERMINAL_LIMIT'],
});

export const readTerminal = defineOperation({
  name: 'sandboxes.terminal.read',
  summary: 'Read what a terminal wrote after a position, waiting for the first byte.',
  effect: 'reads',
  input: z.object({
    terminalId,
    afterByte: z.int().nonnegative().default(0).describe('Position up to which the caller has read'),
    waitMs: z
      .int()
      .min(0)
      .max(terminalWaitMs)
      .default(0)
      .describe(`Longest wait for output, 0 to ${terminalWaitMs} ms`),
  }),
  output: z.object({
    data: base64(terminalRingBytes),
    /** Give it as `afterByte` of the next read. */
    nextByte: z.int().nonnegative(),
    /** Bytes between `afterByte` and the data that are no longer kept. */
    droppedBytes: z.int().nonnegative(),
    /** Set once the terminal is over and the rest of its output is in this answer. */
    ended: z
      .object({
        /** The shell's; null when it was not heard. */
        exitCode: z.int().nullable(),
        reason: z.string(),
      })
      .nullable(),
  }),
  errors: ['TERMINAL_NOT_FOUND'],
});

export const writeTerminal = defineOperation({
  name: 'sandboxes.terminal.write',
  summary: 'Type into a terminal; writes arrive in the order in which they were made.',
  effect: 'writes',
  input: z.object({
    terminalId,
    data: base64(terminalWriteBytes).describe('Bytes in base64, 64 KiB at most'),
  }),
  output: z.object({}),
  errors: ['TERMINAL_NOT_FOUND', 'SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE'],
});

export const resizeTerminal = defineOperation({
  name: 'sandboxes.terminal.resize',
  summary: 'Tell a terminal its size.',
  effect: 'writes',
  input: z.object({ terminalId, ...size }),
  output: z.object({}),
  errors: ['TERMINAL_NOT_FOUND', 'SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE'],
});

export const closeTerminal = defineOperation({
  name: 'sandboxes.terminal.close',
  summary: 'End a terminal and the shell in it.',
  effect: 'writes',
  input: z.object({ terminalId }),
  output: z.object({}),
  errors: ['TERMINAL_NOT_FOUND'],
});
