// One request at a time from a button: sent, then done or failed. Nothing is shown as done before the host says so.
import { useState } from 'react';
import { DeskError } from '../electron/contract/errors.ts';

export interface Request<Args extends readonly unknown[]> {
  readonly pending: boolean;
  /** Why the last run failed; null while none has. */
  readonly error: DeskError | null;
  /** Ignored while a run is pending. Resolves when the run has ended, whichever way. */
  run(...args: Args): Promise<void>;
  clear(): void;
}

/** Wraps an asynchronous action with its pending and failed states. */
export function useRequest<Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<void>,
): Request<Args> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<DeskError | null>(null);
  return {
    pending,
    error,
    async run(...args) {
      if (pending) return;
      setPending(true);
      setError(null);
      try {
        await action(...args);
      } catch (cause) {
        setError(asDeskError(cause));
      } finally {
        setPending(false);
      }
    },
    clear: () => setError(null),
  };
}

/** Keeps a DeskError and wraps anything else, which is a bug, as INTERNAL. */
export function asDeskError(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeskError('INTERNAL', `The window failed: ${reason}`, {}, { cause });
}
