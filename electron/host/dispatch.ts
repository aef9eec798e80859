// The one place where input is validated and a handler is chosen. Doors do transport and identity, nothing else.
import type { z } from 'zod';
import { DeskError } from '../contract/errors.ts';
import type { Actor } from '../contract/names.ts';
import { findOperation, type Handlers, type OperationName } from '../contract/operations.ts';
import type { Log } from './log.ts';
import { timed } from './timed.ts';

export interface CallContext {
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

export type DeskHandlers = Handlers<CallContext>;

export type Dispatch = (name: string, input: unknown, context: CallContext) => Promise<unknown>;

/** Tells how long each call took and whether it failed. */
export type CallObserver = (name: OperationName, durationMs: number, failed: boolean) => void;

/** Routes a call to its handler. Rejects with INVALID_INPUT, UNKNOWN_OPERATION or what the handler throws. */
export function createDispatch(
  handlers: Partial<DeskHandlers>,
  log: Log,
  monotonicMs: () => number,
  observe: CallObserver,
): Dispatch {
  return async (name, input, context) => {
    const operation = findOperation(name);
    if (!operation) throw new DeskError('UNKNOWN_OPERATION', `There is no operation "${name}".`, { name });
    const parsed = operation.input.safeParse(input ?? {});
    if (!parsed.success) throw invalidInput(operation.name, input, parsed.error);
    // The catalogue ties each handler's input to its schema, a link that a lookup by name cannot carry.
    const handler: ((input: never, context: CallContext) => unknown) | undefined = handlers[operation.name];
    if (!handler) throw new DeskError('UNKNOWN_OPERATION', `"${name}" needs a running host.`, { name });
    try {
      return await timed<unknown>(
        monotonicMs,
        () => Reflect.apply(handler, handlers, [parsed.data, context]),
        (durationMs, failed) => observe(operation.name, durationMs, failed),
      );
    } catch (error) {
      if (!(error instanceof DeskError)) log.error({ err: error, operation: name }, 'operation failed');
      throw error;
    }
  };
}

/** Names the field, the value's rule and the remedy, one clause an issue. */
function invalidInput(operation: string, input: unknown, error: z.ZodError): DeskError {
  const issues = error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const message = issues
    .map((issue) => (issue.field ? `${issue.field}: ${issue.message}` : issue.message))
    .join('; ');
  const code = namesUnknownStrategy(input, error) ? 'UNKNOWN_STRATEGY' : 'INVALID_INPUT';
  return new DeskError(code, message, { operation, issues });
}

const strategyFields = ['agent', 'strategy'];

/** True for a name that is not on the list, also in a list of agents; one that was left out is ordinary bad input. */
function namesUnknownStrategy(input: unknown, error: z.ZodError): boolean {
  if (typeof input !== 'object' || input === null) return false;
  return error.issues.some(
    ({ path: [field, ...inner], code }) =>
      code === 'invalid_value' &&
      typeof field === 'string' &&
      field in input &&
      strategyFields.some((name) => name === (inner.at(-1) ?? field)),
  );
}
