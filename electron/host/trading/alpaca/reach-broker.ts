// What a call of the broker's SDK fails with, in the desk's codes.
import { ApiError } from '@alpacahq/alpaca-trade-api';
import { DeskError } from '../../../contract/errors.ts';

/** Runs a call. Rejects with BROKER_UNAVAILABLE, BROKER_REFUSED or ACCOUNT_KEY_REFUSED, saying what was to be done. */
export async function reach<T>(action: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw brokerError(action, error);
  }
}

/** Names a failure of the SDK; a failure that has its code already keeps it. */
export function brokerError(action: string, cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause;
  // Without the broker's own words, which may quote the key.
  if (cause instanceof ApiError && cause.status === 401)
    return new DeskError(
      'ACCOUNT_KEY_REFUSED',
      `The broker refused the account's key, so it did not ${action}. Set the key under Settings, Account, or with: neural-trader account-use ACCOUNT --key-stdin`,
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof ApiError && cause.status < 500 ? 'BROKER_REFUSED' : 'BROKER_UNAVAILABLE';
  return new DeskError(code, `The broker did not ${action}: ${reason}`, {}, { cause });
}
