// Reaches an account with one request that only reads it.
import { DeskError } from '../../../contract/errors.ts';
import { createAlpacaBroker, createAlpacaClient } from './alpaca-broker.ts';
import { type BrokerRoute, createBrokerAddress } from './broker-address.ts';
import type { BrokerKeys } from './broker-keys.ts';

export interface ProbedAccount {
  readonly accountNumber: string;
  readonly equityMicros: number;
}

/** Reads the account of the key. Rejects with ACCOUNT_KEY_KIND, ACCOUNT_KEY_REFUSED, BROKER_UNAVAILABLE or BROKER_REFUSED. */
export async function probeAccount(
  route: Omit<BrokerRoute, 'modeInForce'>,
  keys: BrokerKeys,
): Promise<ProbedAccount> {
  // The account that is tried need not be the one in use, and nothing but it is asked for.
  const address = createBrokerAddress({ ...route, modeInForce: () => route.mode });
  const account = await createAlpacaBroker(createAlpacaClient(route.mode, keys, address, true)).account();
  if (account.accountNumber === '')
    throw new DeskError('BROKER_REFUSED', 'The broker names no number for this account; it cannot be used.');
  return account;
}
