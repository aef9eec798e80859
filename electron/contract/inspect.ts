// Operations that look into one sandbox: a command, its files, its runner's messages, its load.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { EpochMs, SandboxId } from './names.ts';

/** Largest file that is read or written through the desk. */
export const fileLimitBytes = 1024 * 1024;
/** Output kept of one command. */
export const outputLimitChars = 256 * 1024;
const logLineLimit = 500;

const id = SandboxId.describe('Sandbox id, as printed by list');
const path = z.string().min(1).max(1_024).describe('Path, relative to /home/user, or below it or /tmp');

export const execInSandbox = defineOperation({
  name: 'sandboxes.exec',
  summary: 'Run one shell command in a sandbox and give its result.',
  effect: 'writes',
  input: z.object({
    id,
    command: z.string().trim().min(1).max(8_192).describe('Shell command, 1 to 8192 characters'),
    timeoutMs: z
      .int()
      .min(100)
      .max(300_000)
      .default(30_000)
      .describe('Time limit in milliseconds, 100 to 300000'),
  }),
  output: z.object({
    /** -1 when a signal ended it. */
    exitCode: z.int(),
    stdout: z.string(),
    stderr: z.string(),
    /** The command wrote more than is kept and was ended. */
    truncated: z.boolean(),
  }),
  errors: ['SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE', 'TIMED_OUT'],
  cli: { command: 'exec', positional: ['id', 'command'] },
});

export const listFiles = defineOperation({
  name: 'sandboxes.files.list',
  summary: 'List a directory of a sandbox.',
  effect: 'reads',
  input: z.object({ id, path: path.default('.') }),
  output: z.object({
    path: z.string(),
    entries: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['file', 'directory', 'symlink']),
        sizeBytes: z.int(),
        modifiedAt: EpochMs.nullable(),
      }),
    ),
    /** The directory has more entries than the thousand given. */
    truncated: z.boolean(),
  }),
  errors: ['SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE', 'FILE_NOT_FOUND', 'PATH_NOT_ALLOWED'],
  cli: { command: 'files', positional: ['id', 'path'] },
});

export const readFile = defineOperation({
  name: 'sandboxes.files.read',
  summary: 'Read a file of a sandbox, 1 MiB at most.',
  effect: 'reads',
  input: z.object({ id, path }),
  output: z.object({
    path: z.string(),
    sizeBytes: z.int(),
    /** base64 where the file is not UTF-8 text. */
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
  }),
  errors: [
    'SANDBOX_NOT_FOUND',
    'SANDBOX_UNAVAILABLE',
    'FILE_NOT_FOUND',
    'FILE_TOO_LARGE',
    'PATH_NOT_ALLOWED',
  ],
  cli: { command: 'file-read', positional: ['id', 'path'] },
});

export const writeFile = defineOperation({
  name: 'sandboxes.files.write',
  summary: 'Write a file of a sandbox, 1 MiB at most; an older one is replaced.',
  effect: 'writes',
  input: z.object({
    id,
    path,
    content: z
      .string()
      .max(2 * fileLimitBytes)
      .describe('What to write'),
    encoding: z.enum(['utf8', 'base64']).default('utf8').describe('How the content is given'),
  }),
  output: z.object({ path: z.string(), sizeBytes: z.int() }),
  errors: ['SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE', 'FILE_TOO_LARGE', 'PATH_NOT_ALLOWED', 'INVALID_INPUT'],
  cli: { command: 'file-write', positional: ['id', 'path', 'content'] },
});

export const sandboxLogs = defineOperation({
  name: 'sandboxes.logs',
  summary: "Show the runner's last messages, as the host received them.",
  effect: 'reads',
  input: z.object({
    id,
    lines: z.int().min(1).max(logLineLimit).default(100).describe(`How many, 1 to ${logLineLimit}`),
  }),
  output: z.object({
    lines: z.array(z.object({ at: EpochMs, text: z.string() })),
    /** Older messages that are no longer kept. */
    dropped: z.int(),
  }),
  errors: ['SANDBOX_NOT_FOUND'],
  cli: { command: 'logs', positional: ['id'] },
});

export const sandboxMetrics = defineOperation({
  name: 'sandboxes.metrics',
  summary: "Show a sandbox's load, as the provider measured it.",
  effect: 'reads',
  input: z.object({ id }),
  output: z.object({
    /** Oldest first; empty when the provider measures nothing. */
    samples: z.array(
      z.object({
        at: EpochMs,
        cpuUsedPct: z.number(),
        cpuCount: z.number(),
        memoryUsedBytes: z.number(),
        memoryTotalBytes: z.number(),
        diskUsedBytes: z.number(),
        diskTotalBytes: z.number(),
      }),
    ),
  }),
  errors: ['SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE'],
  cli: { command: 'metrics', positional: ['id'] },
});
