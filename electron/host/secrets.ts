// The key of the sandbox provider. The environment wins over what is stored; what is stored is sealed where the platform can.
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { DeskError } from '../contract/errors.ts';
import { type KeyProtection, ProviderKey, type KeySource } from '../contract/provider.ts';

/** Seals a key for storage. A vault whose protection is `file` keeps the text as it is. */
export interface Vault {
  protection(): Promise<KeyProtection>;
  /** Returns text that `open` turns back into the key. */
  seal(key: string): Promise<string>;
  /** Rejects when the text was sealed elsewhere. */
  open(sealed: string): Promise<string>;
}

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

const SecretsFile = z.object({
  e2bApiKey: z.object({ protection: z.enum(['keychain', 'file']), text: z.string().min(1) }),
});
type StoredKey = z.infer<typeof SecretsFile>['e2bApiKey'];

/** The vault of a host without a keychain. */
export const fileVault: Vault = {
  protection: () =>
    Promise.resolve({
      kind: 'file',
      detail: 'A stored key is not encrypted: it is kept in a file that only your user account can read.',
    }),
  seal: (key) => Promise.resolve(key),
  open: (sealed) => Promise.resolve(sealed),
};

/** Opens the secrets; nothing is read before it is asked for. */
export function openSecrets({ file, environmentKey, vault }: SecretsParts): Secrets {
  const fromEnvironment = environmentKey?.trim() ?? '';

  async function openStored({ protection, text }: StoredKey): Promise<string> {
    if (protection === 'file') return text;
    const { kind } = await vault.protection();
    if (kind === 'file') throw unopened('it was sealed by the keychain, which only the desktop app reaches');
    try {
      return await vault.open(text);
    } catch (cause) {
      throw unopened('the keychain did not open it', cause);
    }
  }

  return {
    async key() {
      if (fromEnvironment !== '') return { value: usable(fromEnvironment), source: 'environment' };
      const stored = readStored(file);
      return stored && { value: await openStored(stored), source: 'stored' };
    },
    source() {
      if (fromEnvironment !== '') return 'environment';
      return isStored(file) ? 'stored' : 'none';
    },
    async protection() {
      const now = await vault.protection();
      const stored = isStored(file) ? readStored(file) : null;
      if (!stored || stored.protection === now.kind) return now;
      return { kind: stored.protection, detail: elsewhere[stored.protection] };
    },
    async store(key) {
      const { kind: protection } = await vault.protection();
      const text = protection === 'keychain' ? await vault.seal(key) : key;
      replaceFile(file, { e2bApiKey: { protection, text } });
    },
    forget() {
      const stored = isStored(file);
      rmSync(file, { force: true });
      return stored;
    },
  };
}

/** What to say of a key that a host with another vault stored. */
const elsewhere: Readonly<Record<KeyProtection['kind'], string>> = {
  file: 'The stored key is not encrypted. Store it again to have it encrypted by the keychain.',
  keychain: 'The stored key is encrypted by the keychain, which only the desktop app reaches.',
};

function usable(fromEnvironment: string): string {
  const key = ProviderKey.safeParse(fromEnvironment);
  if (key.success) return key.data;
  throw new DeskError(
    'PROVIDER_KEY_REFUSED',
    'E2B_API_KEY in the environment is not usable: a key is printable ASCII on one line. Correct it or unset it.',
    { keySource: 'environment' },
  );
}

function readStored(file: string): StoredKey | null {
  const text = readText(file);
  if (text === null) return null;
  try {
    return SecretsFile.parse(JSON.parse(text)).e2bApiKey;
  } catch {
    // Without the cause: a parser's complaint may quote the key.
    throw unopened(`${file} is damaged`);
  }
}

function isStored(file: string): boolean {
  return readText(file) !== null;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaced in one step, and closed to others before the key is in it. */
function replaceFile(file: string, content: z.infer<typeof SecretsFile>): void {
  const next = `${file}.new`;
  writeFileSync(next, '', { mode: 0o600 });
  chmodSync(next, 0o600);
  writeFileSync(next, JSON.stringify(content));
  renameSync(next, file);
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
