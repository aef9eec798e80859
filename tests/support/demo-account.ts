// What a host on DEMO answers about its accounts.
import { defaultLimits, shownLimits } from '../../electron/contract/limits.ts';
import type { OperationOutput } from '../../renderer/bridge.ts';

const keyProtection = { kind: 'file', detail: 'A stored key is not encrypted.' } as const;

export const demoAccount: OperationOutput<'account.show'> = {
  inUse: 'demo',
  connected: true,
  accountNumber: null,
  accounts: [
    { account: 'demo', address: 'http://127.0.0.1:4001', key: 'not needed', keyProtection: null },
    { account: 'paper', address: 'https://paper-api.alpaca.markets', key: 'none', keyProtection },
    { account: 'live', address: 'https://api.alpaca.markets', key: 'none', keyProtection },
  ],
  limits: shownLimits(defaultLimits),
  limitsKey: '5f0c2a9e71b3',
  armed: null,
};
