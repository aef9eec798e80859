// Turns the SDK's failures into the desk's codes.
import {
  FileNotFoundError,
  NotFoundError,
  RateLimitError,
  SandboxNotFoundError,
  TimeoutError,
} from 'e2b/dist/index.mjs';
import { DeskError, type ErrorCode } from '../../contract/errors.ts';

/** Runs an SDK call; what it throws becomes a DeskError that names the action. */
export async function named<T>(action: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toDeskError(action, error);
  }
}

/** Like `named`, for calls on one process: that the process service does not know it is PROCESS_NOT_FOUND. */
export function namedForProcess<T>(action: string, run: () => Promise<T>): Promise<T> {
  return named(action, () =>
    run().catch((cause: unknown) => {
      const isGone =
        cause instanceof NotFoundError &&
        !(cause instanceof SandboxNotFoundError) &&
        !(cause instanceof FileNotFoundError);
      if (!isGone) throw cause;
      throw new DeskError(
        'PROCESS_NOT_FOUND',
        `The sandbox provider could not ${action}: ${cause.message}`,
        {},
        { cause },
      );
    }),
  );
}

/** Names what could not be done and why. */
export function toDeskError(action: string, cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = codeOf(cause, reason);
  return new DeskError(
    code,
    `The sandbox provider could not ${action}: ${reason}${remedies[code] ?? ''}`,
    {},
    { cause },
  );
}

const remedies: Partial<Record<ErrorCode, string>> = {
  QUOTA_EXCEEDED: '. End sandboxes, pack more agents in each, or raise the plan.',
  RATE_LIMITED: '. Creations are slowed down; try again in a moment.',
};

function codeOf(cause: unknown, reason: string): ErrorCode {
  if (cause instanceof FileNotFoundError) return 'FILE_NOT_FOUND';
  if (cause instanceof SandboxNotFoundError) return 'SANDBOX_NOT_FOUND';
  // The provider answers 429 both for going too fast and for having too many; only the words differ.
  if (cause instanceof RateLimitError) return /concurrent/i.test(reason) ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED';
  if (cause instanceof TimeoutError && /deadline|timed? ?out/i.test(reason)) return 'TIMED_OUT';
  return 'SANDBOX_UNAVAILABLE';
}
