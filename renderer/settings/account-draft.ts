// What has been chosen and typed for the account, and the operation's input that it stands for.
import { testAccount } from '../../electron/contract/account.ts';
import type { Mode } from '../../electron/contract/names.ts';
import type { OperationInput } from '../bridge.ts';

export interface AccountDraft {
  readonly account: Mode;
  /** Both empty keep the key there is. */
  readonly keyId: string;
  readonly secret: string;
}

/** The input for `account.use` and `account.test`, or null while a field cannot be used. */
export function inputOf({ account, keyId, secret }: AccountDraft): OperationInput<'account.use'> | null {
  const key = `${keyId.trim()} ${secret.trim()}`.trim();
  const input = account === 'demo' || key === '' ? { account } : { account, key };
  return testAccount.input.safeParse(input).success ? input : null;
}
