// The broker's keys, and which account they are for: Alpaca tells by their first letters.
import type { KeyedAccount } from '../../../contract/account.ts';
import { DeskError } from '../../../contract/errors.ts';
import type { Mode } from '../../../contract/names.ts';

export interface BrokerKeys {
  readonly keyId: string;
  readonly secret: string;
}

const prefixes: Readonly<Record<KeyedAccount, string>> = { paper: 'PK', live: 'AK' };

/**
 * Throws ACCOUNT_KEY_KIND for a key of the other account. A key with letters that are not known passes: the broker
 * refuses what is not its own. Called before a client exists, so nothing has been sent.
 */
export function assertKeyFits(mode: Mode, { keyId }: BrokerKeys): void {
  if (mode === 'demo') return;
  const other = mode === 'paper' ? 'live' : 'paper';
  if (!keyId.toUpperCase().startsWith(prefixes[other])) return;
  throw new DeskError(
    'ACCOUNT_KEY_KIND',
    `The key begins with ${prefixes[other]}: it is a ${other} key, and ${mode.toUpperCase()} needs one that begins with ${prefixes[mode]}. Nothing was sent. ${keyRemedy(mode)}`,
    { account: mode },
  );
}

/** Where the key of an account can be set, for messages. */
export function keyRemedy(account: KeyedAccount): string {
  return `Set the key of ${account.toUpperCase()} under Settings, Account, or with: neural-trader account-use ${account} --key-stdin`;
}
