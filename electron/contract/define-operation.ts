// One declaration an operation; the doors (window, command line, control socket) are generated from it.
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** `spends` costs money, `stops` ends something that runs; both are confirmed by doors that can ask. */
export type Effect = 'reads' | 'writes' | 'spends' | 'stops';

export interface CliForm {
  /** The promised command, for example "deploy". */
  readonly command: string;
  /** Input fields given by position; a field that the schema leaves optional is an optional argument. */
  readonly positional?: readonly string[];
  /** Input fields that are secret: never on the line, read from standard input with `--<field>-stdin`, never repeated. */
  readonly stdin?: readonly string[];
  /** Lines for the command's help, without the program's name. */
  readonly examples?: readonly string[];
  /** Asked for at a terminal. Where nobody is at one the command is refused without `--yes`; what `stops at once` is not. */
  readonly confirm?: 'needed' | 'stops at once';
  /** May take long: on a terminal the host's work is drawn meanwhile. */
  readonly lasting?: boolean;
  /** Needs no host: where none runs, the command line does the work itself. */
  readonly standalone?: boolean;
}

export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** Wire name, "area.verb". */
  readonly name: string;
  /** One sentence: help text of every door. */
  readonly summary: string;
  readonly effect: Effect;
  readonly input: Input;
  readonly output: Output;
  /** Codes the handler may answer with, beside the ones that any call may meet. */
  readonly errors: readonly ErrorCode[];
  readonly cli?: CliForm;
}

export type InputOf<O extends Operation> = z.input<O['input']>;
export type ParsedInputOf<O extends Operation> = z.output<O['input']>;
export type OutputOf<O extends Operation> = z.output<O['output']>;

/** Declares an operation; the identity function that keeps its literal types. */
export function defineOperation<const Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output> & { readonly name: Name },
): Operation<Input, Output> & { readonly name: Name } {
  return operation;
}
