// One command of the command line, whatever stands behind it: an operation of the host or work of its own.
import type { z } from 'zod';
import type { CliForm, Operation } from '../../contract/define-operation.ts';
import type { DeskPaths } from '../../host/paths.ts';
import { checkInput } from './check-input.ts';
import type { CliIo } from './cli-io.ts';
import { type InputField, inputFields } from './input-fields.ts';
import type { createColors } from './view.ts';

export interface CommandContext {
  readonly io: CliIo;
  readonly paths: DeskPaths;
  readonly colors: ReturnType<typeof createColors>;
  /** The answer is wanted as one JSON document. */
  readonly json: boolean;
  /** The caller confirmed beforehand. */
  readonly yes: boolean;
  /** Gives the command's one answer: `value` with --json, the words otherwise. */
  answer(value: unknown, words: () => string): void;
}

export type RawInput = Readonly<Record<string, unknown>>;

export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  readonly fields: readonly InputField[];
  /** Names of the fields that are given by position. */
  readonly positional: readonly string[];
  /** Lines for the help, without the program's name. */
  readonly examples: readonly string[];
  /** Is confirmed at a terminal, or with --yes. */
  readonly confirm: boolean;
  /** The operation behind it; null for work of the command line's own. */
  readonly operation: string | null;
  /** Checks the input and runs. Rejects with a DeskError. */
  run(raw: RawInput, context: CommandContext): Promise<void>;
}

interface CommandForm<S extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly input: S;
  readonly positional?: readonly string[];
  readonly examples?: readonly string[];
  readonly confirm?: boolean;
  readonly stdin?: readonly string[];
  readonly operation?: string;
  readonly run: (input: z.output<S>, context: CommandContext, raw: RawInput) => Promise<void>;
}

/** What the catalogue says of an operation's command. */
export function promisedForm<S extends z.ZodType>(
  operation: Operation<S>,
  cli: CliForm,
): Omit<CommandForm<S>, 'run'> {
  const { command, positional = [], examples = [], stdin = [] } = cli;
  const confirm = cli.confirm !== undefined;
  const { name, summary, input } = operation;
  return { name: command, summary, input, positional, examples, confirm, stdin, operation: name };
}

/** Derives a command's options from its input schema. */
export function defineCommand<S extends z.ZodType>(form: CommandForm<S>): CliCommand {
  const fields = inputFields(form.input, form.stdin);
  return {
    name: form.name,
    summary: form.summary,
    fields,
    positional: form.positional ?? [],
    examples: form.examples ?? [],
    confirm: form.confirm ?? false,
    operation: form.operation ?? null,
    async run(raw, context) {
      const input = await readSecrets(raw, fields, context.io);
      await form.run(checkInput(form.input, fields, input), context, input);
    },
  };
}

/** Puts what stands on standard input in the place of the option that asked for it. */
async function readSecrets(raw: RawInput, fields: readonly InputField[], io: CliIo): Promise<RawInput> {
  const secret = fields.find((field) => field.fromStdin && raw[field.name] === true);
  return secret ? { ...raw, [secret.name]: await io.readSecret(secret.description) } : raw;
}
