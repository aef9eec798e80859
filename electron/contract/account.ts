// Operations on the account that is traded: DEMO, PAPER or LIVE, each with keys and books of its own.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { liveIdleMs } from './live-arming.ts';
import { ShownLimits } from './limits.ts';
import { Micros } from './money.ts';
import { EpochMs, Mode } from './names.ts';
import { Differences } from './order-events.ts';
import { KeyProtection } from './provider.ts';

/** As the broker prints it. Typing it is how an operator confirms what concerns LIVE. */
const AccountNumber = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9-]{3,40}$/, 'an account number is 3 to 40 letters, digits or hyphens');

/** Both halves of a broker's key in one text, because neither is of use without the other. */
export const BrokerKey = z
  .string()
  .trim()
  .max(512)
  .regex(
    /^[A-Za-z0-9]{4,128}[\s:]+[\x21-\x7e]{4,256}$/,
    'give the key id and the secret on one line, with a space between them',
  )
  .transform((text) => {
    const [keyId = ''] = text.split(/[\s:]/, 1);
    return { keyId, secret: text.slice(keyId.length).replace(/^[\s:]+/, '') };
  });

/** The accounts that need a key. */
export const KeyedAccount = Mode.exclude(['demo']);
export type KeyedAccount = z.infer<typeof KeyedAccount>;

const Armed = z.object({ since: EpochMs, until: EpochMs });

const AccountView = z.object({
  inUse: Mode,
  /** The broker answers and its streams are up. */
  connected: z.boolean(),
  /** Of the account in use; DEMO has none of its own. */
  accountNumber: z.string().nullable(),
  accounts: z.array(
    z.object({
      account: Mode,
      /** Where its orders go. */
      address: z.string(),
      key: z.enum(['stored', 'none', 'not needed']),
      /** How a key is, or would be, kept; null where none is needed. */
      keyProtection: KeyProtection.nullable(),
    }),
  ),
  /** The gate's limits in force. */
  limits: ShownLimits,
  /** Names these limits: LIVE is armed for them and for no others. */
  limitsKey: z.string(),
  /** Null unless LIVE is armed now; `until` moves with each action of an operator. */
  armed: Armed.nullable(),
});

export const showAccount = defineOperation({
  name: 'account.show',
  summary:
    'Show the account in use, where each account trades, which keys are stored, and whether LIVE is armed.',
  effect: 'reads',
  input: z.object({}),
  output: AccountView,
  errors: [],
  cli: { command: 'account' },
});

const target = {
  account: Mode.describe('demo, paper or live'),
  key: BrokerKey.optional().describe('Key id and secret, on one line with a space between them'),
};

export const useAccount = defineOperation({
  name: 'account.use',
  summary: 'Trade on another account, or with another key. No agent may run and no order be open.',
  effect: 'writes',
  input: z.object(target),
  output: AccountView,
  errors: [
    'ACCOUNT_IN_USE',
    'ACCOUNT_KEY_MISSING',
    'ACCOUNT_KEY_KIND',
    'ACCOUNT_KEY_REFUSED',
    'KILL_LATCHED',
    'FORBIDDEN_ADDRESS',
    'INVALID_INPUT',
    'LOCAL_SERVICES_DOWN',
    'BROKER_UNAVAILABLE',
    'BROKER_REFUSED',
    'JOURNAL_FAILED',
  ],
  cli: {
    command: 'account-use',
    positional: ['account'],
    stdin: ['key'],
    examples: ['account-use paper --key-stdin', 'account-use demo'],
  },
});

export const testAccount = defineOperation({
  name: 'account.test',
  summary: 'Reach an account by reading it; sends nothing else and changes nothing.',
  effect: 'reads',
  input: z.object(target),
  output: z.object({
    ok: z.literal(true),
    account: Mode,
    address: z.string(),
    accountNumber: z.string(),
    equityMicros: Micros,
    tookMs: z.number(),
  }),
  errors: [
    'ACCOUNT_KEY_MISSING',
    'ACCOUNT_KEY_KIND',
    'ACCOUNT_KEY_REFUSED',
    'FORBIDDEN_ADDRESS',
    'INVALID_INPUT',
    'LOCAL_SERVICES_DOWN',
    'BROKER_UNAVAILABLE',
    'BROKER_REFUSED',
  ],
  cli: { command: 'account-test', positional: ['account'], stdin: ['key'] },
});

export const forgetAccountKey = defineOperation({
  name: 'account.forgetKey',
  summary: 'Delete the stored key of an account. While it is in use, no agent may run and no order be open.',
  effect: 'writes',
  input: z.object({ account: KeyedAccount.describe('paper or live') }),
  output: z.object({
    account: KeyedAccount,
    /** False when none was stored. */
    forgotten: z.boolean(),
  }),
  errors: ['ACCOUNT_IN_USE', 'KILL_LATCHED'],
  cli: { command: 'account-forget-key', positional: ['account'] },
});

export const armLive = defineOperation({
  name: 'account.arm',
  summary: `Allow opening orders on LIVE under the limits shown, until nobody has acted for ${liveIdleMs / 3_600_000} h.`,
  effect: 'writes',
  input: z.object({
    accountNumber: AccountNumber.describe('Number of the account, as the broker prints it'),
    limits: z.string().min(1).describe('Key of the limits, from account'),
  }),
  output: Armed,
  errors: ['LIVE_NOT_IN_USE', 'ACCOUNT_NUMBER_WRONG', 'LIMITS_CHANGED', 'KILL_LATCHED', 'JOURNAL_FAILED'],
  cli: {
    command: 'account-arm',
    positional: ['accountNumber'],
    examples: ['account-arm 123456789 --limits 5f0c2a9e71b3'],
  },
});

export const acknowledgeAccount = defineOperation({
  name: 'account.acknowledge',
  summary:
    "Take over the broker's version of positions that the desk cannot explain, and allow new risk again.",
  effect: 'writes',
  input: z.object({ reason: z.string().trim().min(3).max(200).describe('Why the broker is right') }),
  output: z.object({ acknowledged: Differences }),
  errors: ['NOTHING_DIFFERS', 'JOURNAL_FAILED'],
  cli: {
    command: 'account-acknowledge',
    examples: ['account-acknowledge --reason "10 AAPL were moved to another account"'],
  },
});

export const disarmLive = defineOperation({
  name: 'account.disarm',
  summary: 'Refuse opening orders on LIVE. Closing and cancelling still pass.',
  effect: 'writes',
  input: z.object({}),
  output: z.object({
    /** False when it was not armed. */
    disarmed: z.boolean(),
  }),
  errors: [],
  cli: { command: 'account-disarm' },
});
