// Operations on the sandbox provider: the local runtime, E2B's cloud, or an E2B of one's own.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';

export const cloudDomain = 'e2b.app';

export const ProviderPlan = z.enum(['hobby', 'pro', 'custom']);
export type ProviderPlan = z.infer<typeof ProviderPlan>;

const Domain = z
  .string()
  .regex(
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a domain looks like e2b.app',
  );

const Address = z
  .url({ protocol: /^https?$/, error: 'give an address like http://127.0.0.1:3000', abort: true })
  .refine((address) => {
    const { username, password } = new URL(address);
    return username === '' && password === '';
  }, 'an address must not carry a user name or password')
  .overwrite((address) => address.replace(/\/+$/, ''));

export const ProviderChoice = z.discriminatedUnion('kind', [
  /** Sandboxes on this machine, run by the desk's own services. */
  z.object({ kind: z.literal('local') }),
  z
    .object({
      kind: z.literal('e2b'),
      plan: ProviderPlan.default('hobby'),
      /** Anything but E2B's own domain is a self-hosted E2B. */
      domain: Domain.default(cloudDomain),
      /** Where an E2B without a domain listens: both addresses, or none. */
      apiUrl: Address.optional(),
      sandboxUrl: Address.optional(),
    })
    .refine(({ apiUrl, sandboxUrl }) => (apiUrl === undefined) === (sandboxUrl === undefined), {
      path: ['sandboxUrl'],
      message: 'apiUrl and sandboxUrl belong together; give both or none',
    }),
]);
export type ProviderChoice = z.infer<typeof ProviderChoice>;

/** Printable, because it travels in a header; providers do not agree on more. */
export const ProviderKey = z
  .string()
  .trim()
  .min(1)
  .max(512)
  .regex(/^[\x20-\x7e]*$/, 'a key is printable ASCII on one line');

export const KeySource = z.enum(['environment', 'stored', 'none']);
export type KeySource = z.infer<typeof KeySource>;

export const KeyProtection = z.object({
  /** `file` is no encryption: the file is closed to other users, nothing more. */
  kind: z.enum(['keychain', 'file']),
  /** One sentence for the operator. */
  detail: z.string(),
});
export type KeyProtection = z.infer<typeof KeyProtection>;

const ProviderView = z.object({
  choice: ProviderChoice,
  /** Where it talks to; null while the local services are down. */
  address: z.string().nullable(),
  /** Where the key of E2B comes from; the local runtime needs none. */
  keySource: KeySource,
  keyProtection: KeyProtection,
  limits: z.object({
    /** Sandboxes that may run at the same time. */
    concurrent: z.int(),
    createsPerSecond: z.number(),
    maxSessionMs: z.int(),
  }),
});

export const showProvider = defineOperation({
  name: 'provider.show',
  summary: 'Show the sandbox provider, its address, its limits, and where its key comes from.',
  effect: 'reads',
  input: z.object({}),
  output: ProviderView,
  errors: [],
  cli: { command: 'provider' },
});

const target = {
  kind: z.enum(['local', 'e2b']).optional().describe('local or e2b; the present one when left out'),
  plan: ProviderPlan.optional().describe('Plan of the E2B account: hobby, pro, or custom for the settings'),
  domain: Domain.optional().describe(`Domain of a self-hosted E2B; ${cloudDomain} is the cloud`),
  apiUrl: Address.optional().describe('Address of the API, for an E2B without a domain'),
  sandboxUrl: Address.optional().describe('Address of the sandboxes, together with api-url'),
  key: ProviderKey.optional().describe('API key'),
};

export const useProvider = defineOperation({
  name: 'provider.use',
  summary: 'Use another sandbox provider, plan or key. No sandbox may be alive.',
  effect: 'writes',
  input: z.object(target),
  output: ProviderView,
  errors: [
    'PROVIDER_IN_USE',
    'PROVIDER_KEY_MISSING',
    'FORBIDDEN_ADDRESS',
    'INVALID_INPUT',
    'LOCAL_SERVICES_DOWN',
  ],
  cli: { command: 'provider-use', positional: ['kind'], stdin: ['key'] },
});

export const testProvider = defineOperation({
  name: 'provider.test',
  summary: 'Reach a sandbox provider by listing its sandboxes; creates nothing and changes nothing.',
  effect: 'reads',
  input: z.object(target),
  output: z.object({
    ok: z.literal(true),
    address: z.string(),
    /** Running and paused sandboxes of the account. */
    sandboxes: z.int(),
    tookMs: z.number(),
  }),
  errors: [
    'PROVIDER_KEY_MISSING',
    'PROVIDER_KEY_REFUSED',
    'FORBIDDEN_ADDRESS',
    'INVALID_INPUT',
    'LOCAL_SERVICES_DOWN',
    'SANDBOX_UNAVAILABLE',
    'RATE_LIMITED',
    'TIMED_OUT',
  ],
  cli: { command: 'provider-test', positional: ['kind'], stdin: ['key'] },
});

export const forgetProviderKey = defineOperation({
  name: 'provider.forgetKey',
  summary: 'Delete the stored key of the sandbox provider. No sandbox of it may be alive.',
  effect: 'writes',
  input: z.object({}),
  output: z.object({
    /** False when none was stored. */
    forgotten: z.boolean(),
    /** Where a key still comes from. */
    keySource: KeySource,
  }),
  errors: ['PROVIDER_IN_USE'],
  cli: { command: 'provider-forget-key' },
});
