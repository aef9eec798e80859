// Turns the SDK's failures into the desk's codes.
import { inspect } from 'node:util';
import {
  AuthenticationError,
  FileNotFoundError,
  NotFoundError,
  RateLimitError,
  SandboxNotFoundError,
  TimeoutError,
} from 'e2b/dist/index.mjs';
import { DeskError, type ErrorCode } from '../../contract/errors.ts';
import { type FoundKey, keyRemedy } from '../secrets.ts';
import { networkReason } from './network-reason.ts';

/** A shorter text is no key, and would be cut out of innocent words. */
const shortestKey = 8;

/** Keys that the SDK was given. What a provider echoes of them must reach neither a message nor the log. */
const keysInUse = new Set<string>();

/** Cuts the key out of every failure from here on. */
export function neverRepeat(key: string): void {
  if (key.length >= shortestKey) keysInUse.add(key);
}

/** Like `named`, for calls that carry the API key: a refusal says where that key came from. */
export async function namedWithKey<T>(
  action: string,
  source: FoundKey['source'],
  run: () => Promise<T>,
): Promise<T> {
  return named(action, async () => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof AuthenticationError) throw keyRefused(action, source);
      throw error;
    }
  });
}

const sources: Readonly<Record<FoundKey['source'], string>> = {
  environment: 'E2B_API_KEY in the environment',
  stored: 'the stored key',
  given: 'the key that was given',
};

/** Without the provider's own words, which may quote the key. */
function keyRefused(action: string, keySource: FoundKey['source']): DeskError {
  return new DeskError(
    'PROVIDER_KEY_REFUSED',
    `The sandbox provider refused ${sources[keySource]}, so it could not ${action}. ${keyRemedy}`,
    { keySource },
  );
}

/** Names what a call was for when it fails. */
export type Naming = <T>(action: string, run: () => Promise<T>) => Promise<T>;

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
  const words = cause instanceof Error ? cause.message : String(cause);
  const reason = withoutKeys(networkReason(cause) ?? words);
  const code = codeOf(cause, reason);
  return new DeskError(
    code,
    `The sandbox provider could not ${action}: ${reason}${remedies[code] ?? ''}`,
    {},
    // The log prints causes whole.
    repeatsKey(cause) ? undefined : { cause },
  );
}

function withoutKeys(text: string): string {
  return [...keysInUse].reduce((clean, key) => clean.replaceAll(key, '[key]'), text);
}

function repeatsKey(cause: unknown): boolean {
  const whole = inspect(cause, { depth: 6 });
  return [...keysInUse].some((key) => whole.includes(key));
}

const remedies: Partial<Record<ErrorCode, string>> = {
  QUOTA_EXCEEDED: '. End sandboxes, pack more agents in each, or raise the plan.',
  PROVIDER_PLAN_EXCEEDED:
    ". Choose the account's plan under Settings, Sandboxes, or with: neural-trader provider-use --plan hobby",
  RATE_LIMITED: '. Creations are slowed down; try again in a moment.',
};

function codeOf(cause: unknown, reason: string): ErrorCode {
  if (cause instanceof FileNotFoundError) return 'FILE_NOT_FOUND';
  if (cause instanceof SandboxNotFoundError) return 'SANDBOX_NOT_FOUND';
  // The provider answers 429 both for going too fast and for having too many; only the words differ.
  if (cause instanceof RateLimitError) return /concurrent/i.test(reason) ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED';
  if (cause instanceof TimeoutError && /deadline|timed? ?out/i.test(reason)) return 'TIMED_OUT';
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'TIMED_OUT';
  // A lease that is longer than the plan's sessions is a bad request; only the words tell.
  if (/timeout cannot be greater/i.test(reason)) return 'PROVIDER_PLAN_EXCEEDED';
  return 'SANDBOX_UNAVAILABLE';
}
