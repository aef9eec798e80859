// The key of the sandbox provider. The environment wins over what is stored; what is stored is sealed where the platform can.
import { DeskError } from '../contract/errors.ts';
import { type KeyProtection, ProviderKey, type KeySource } from '../contract/provider.ts';
import { openSealedKey, type Vault } from './sealed-key.ts';

/** A key and where it was found; `given` was typed for this call alone. */
export interface FoundKey {
  readonly value: string;
  readonly source: Exclude<KeySource, 'none'> | 'given';
}

export interface Secrets {
  /** The key in force, or null. Rejects with PROVIDER_KEY_MISSING when the stored one cannot be opened here. */
  key(): Promise<FoundKey | null>;
  source(): KeySource;
  /** How a stored key is, or would be, protected. */
  protection(): Promise<KeyProtection>;
  store(key: string): Promise<void>;
  /** False when none was stored. */
  forget(): boolean;
}

export interface SecretsParts {
  readonly file: string;
  /** E2B_API_KEY of this process. */
  readonly environmentKey: string | undefined;
  readonly vault: Vault;
}

/** Opens the secrets; nothing is read before it is asked for. */
export function openSecrets({ file, environmentKey, vault }: SecretsParts): Secrets {
  const fromEnvironment = environmentKey?.trim() ?? '';
  const sealed = openSealedKey({ file, field: 'e2bApiKey', vault, unopened });
  return {
    async key() {
      if (fromEnvironment !== '') return { value: usable(fromEnvironment), source: 'environment' };
      const value = await sealed.read();
      return value === null ? null : { value, source: 'stored' };
    },
    source() {
      if (fromEnvironment !== '') return 'environment';
      return sealed.isStored() ? 'stored' : 'none';
    },
    protection: sealed.protection,
    store: sealed.store,
    forget: sealed.forget,
  };
}

function usable(fromEnvironment: string): string {
  const key = ProviderKey.safeParse(fromEnvironment);
  if (key.success) return key.data;
  throw new DeskError(
    'PROVIDER_KEY_REFUSED',
    'E2B_API_KEY in the environment is not usable: a key is printable ASCII on one line. Correct it or unset it.',
    { keySource: 'environment' },
  );
}

function unopened(why: string, cause?: unknown): DeskError {
  return new DeskError(
    'PROVIDER_KEY_MISSING',
    `The stored key cannot be used: ${why}. ${keyRemedy}`,
    { keySource: 'stored' },
    cause === undefined ? undefined : { cause },
  );
}

/** Where a key can be set, for messages. */
export const keyRemedy =
  'Set E2B_API_KEY before the desk starts, or store a key under Settings, Sandboxes, or with: neural-trader provider-use --key-stdin';
