// One secret in one file, closed to other users and sealed where the platform can.
import { rmSync } from 'node:fs';
import { z } from 'zod';
import type { DeskError } from '../contract/errors.ts';
import type { KeyProtection } from '../contract/provider.ts';
import { readText, replaceText } from './text-file.ts';

/** Seals a key for storage. A vault whose protection is `file` keeps the text as it is. */
export interface Vault {
  protection(): Promise<KeyProtection>;
  /** Returns text that `open` turns back into the key. */
  seal(key: string): Promise<string>;
  /** Rejects when the text was sealed elsewhere. */
  open(sealed: string): Promise<string>;
}

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

export interface SealedKey {
  /** The stored secret, or null. Rejects with what `unopened` makes when it cannot be opened here. */
  read(): Promise<string | null>;
  isStored(): boolean;
  /** How a stored key is, or would be, protected. */
  protection(): Promise<KeyProtection>;
  store(key: string): Promise<void>;
  /** False when none was stored. */
  forget(): boolean;
}

export interface SealedKeyParts {
  readonly file: string;
  /** What the secret is called in the file. */
  readonly field: string;
  readonly vault: Vault;
  /** Makes the failure of a stored secret that cannot be opened. */
  readonly unopened: (why: string, cause?: unknown) => DeskError;
}

const StoredKey = z.object({ protection: z.enum(['keychain', 'file']), text: z.string().min(1) });
type StoredKey = z.infer<typeof StoredKey>;

/** Opens the place of a secret; nothing is read before it is asked for. */
export function openSealedKey({ file, field, vault, unopened }: SealedKeyParts): SealedKey {
  async function open({ protection, text }: StoredKey): Promise<string> {
    if (protection === 'file') return text;
    const { kind } = await vault.protection();
    if (kind === 'file') throw unopened('it was sealed by the keychain, which only the desktop app reaches');
    try {
      return await vault.open(text);
    } catch (cause) {
      throw unopened('the keychain did not open it', cause);
    }
  }

  function readStored(): StoredKey | null {
    const text = readText(file);
    if (text === null) return null;
    try {
      return StoredKey.parse(z.record(z.string(), z.unknown()).parse(JSON.parse(text))[field]);
    } catch {
      // Without the cause: a parser's complaint may quote the key.
      throw unopened(`${file} is damaged`);
    }
  }

  const isStored = (): boolean => readText(file) !== null;

  return {
    async read() {
      const stored = readStored();
      return stored && open(stored);
    },
    isStored,
    async protection() {
      const now = await vault.protection();
      const stored = isStored() ? readStored() : null;
      if (!stored || stored.protection === now.kind) return now;
      return { kind: stored.protection, detail: elsewhere[stored.protection] };
    },
    async store(key) {
      const { kind: protection } = await vault.protection();
      const text = protection === 'keychain' ? await vault.seal(key) : key;
      replaceText(file, JSON.stringify({ [field]: { protection, text } satisfies StoredKey }));
    },
    forget() {
      const stored = isStored();
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
