// Translates what the addon throws into the desk's own errors.
import { DeskError, isErrorCode } from '../contract/errors.ts';

/**
 * Returns the DeskError for an addon error whose code is ours, and anything else unchanged.
 * LOCKED becomes HOST_RUNNING; its message is what the holder of the lock wrote about itself.
 */
export function fromNativeError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DeskError || !('code' in error)) return error;
  if (error.code === 'LOCKED') {
    const message = `Another host has this data directory: ${error.message}. Use that one, or stop it first.`;
    return new DeskError('HOST_RUNNING', message, { holder: error.message }, { cause: error });
  }
  if (!isErrorCode(error.code)) return error;
  return new DeskError(error.code, error.message, {}, { cause: error });
}
