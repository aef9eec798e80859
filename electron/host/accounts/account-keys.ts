// The broker's keys, a file for each account: what is stored for one is never read for the other.
import { join } from 'node:path';
import { BrokerKey, type KeyedAccount } from '../../contract/account.ts';
import { DeskError } from '../../contract/errors.ts';
import type { KeyProtection } from '../../contract/provider.ts';
import { openSealedKey, type SealedKey, type Vault } from '../sealed-key.ts';
import { type BrokerKeys, keyRemedy } from '../trading/alpaca/broker-keys.ts';

export interface AccountKeys {
  /** Rejects with ACCOUNT_KEY_MISSING when none is stored, or the stored one cannot be opened here. */
  read(account: KeyedAccount): Promise<BrokerKeys>;
  isStored(account: KeyedAccount): boolean;
  /** How a stored key is, or would be, protected. */
  protection(account: KeyedAccount): Promise<KeyProtection>;
  store(account: KeyedAccount, keys: BrokerKeys): Promise<void>;
  /** False when none was stored. */
  forget(account: KeyedAccount): boolean;
}

/** Opens the keys in the data directory; nothing is read before it is asked for. */
export function openAccountKeys(dataDir: string, vault: Vault): AccountKeys {
  const places: Readonly<Record<KeyedAccount, SealedKey>> = {
    paper: placeOf('paper', dataDir, vault),
    live: placeOf('live', dataDir, vault),
  };
  return {
    async read(account) {
      const text = await places[account].read();
      if (text === null) throw missing(account, `There is no key of ${account.toUpperCase()}`);
      const keys = BrokerKey.safeParse(text);
      if (!keys.success) throw missing(account, `The stored key of ${account.toUpperCase()} is damaged`);
      return keys.data;
    },
    isStored: (account) => places[account].isStored(),
    protection: (account) => places[account].protection(),
    store: (account, { keyId, secret }) => places[account].store(`${keyId} ${secret}`),
    forget: (account) => places[account].forget(),
  };
}

function placeOf(account: KeyedAccount, dataDir: string, vault: Vault): SealedKey {
  return openSealedKey({
    file: join(dataDir, `account-${account}.json`),
    field: 'alpacaKey',
    vault,
    unopened: (why, cause) =>
      missing(account, `The stored key of ${account.toUpperCase()} cannot be used: ${why}`, cause),
  });
}

function missing(account: KeyedAccount, what: string, cause?: unknown): DeskError {
  return new DeskError(
    'ACCOUNT_KEY_MISSING',
    `${what}. ${keyRemedy(account)}`,
    { account },
    cause === undefined ? undefined : { cause },
  );
}
