// The one key pair of this start, and how a client proves that it has it.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface BrokerKeys {
  readonly keyId: string;
  readonly secret: string;
}

/** Tells whether both halves are right, in a time that does not depend on how wrong they are. */
export function keysMatch(keys: BrokerKeys, keyId: unknown, secret: unknown): boolean {
  if (typeof keyId !== 'string' || typeof secret !== 'string') return false;
  const right = sameText(keys.keyId, keyId);
  return sameText(keys.secret, secret) && right;
}

function sameText(expected: string, actual: string): boolean {
  return timingSafeEqual(digest(expected), digest(actual));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
