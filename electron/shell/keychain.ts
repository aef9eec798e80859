// Seals keys with the system's keychain. Where the platform offers no real encryption, says so and seals nothing.
import { safeStorage } from 'electron';
import type { KeyProtection } from '../contract/provider.ts';
import { fileVault, type Vault } from '../host/sealed-key.ts';

/** The vault of the desktop app; to be used after Electron is ready. */
export function openKeychain(platform: NodeJS.Platform): Vault {
  return {
    async protection() {
      const lack = await lackOfEncryption(platform);
      if (lack === null) return keychain(platform);
      const { kind, detail } = await fileVault.protection();
      return { kind, detail: `${lack} ${detail}` };
    },
    // The asynchronous forms may wait for the user to unlock the keychain; older Electrons have the others alone.
    async seal(key) {
      const sealed = hasAsyncForms()
        ? await safeStorage.encryptStringAsync(key)
        : safeStorage.encryptString(key);
      return sealed.toString('base64');
    },
    async open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      if (!hasAsyncForms()) return safeStorage.decryptString(bytes);
      return (await safeStorage.decryptStringAsync(bytes)).result;
    },
  };
}

function hasAsyncForms(): boolean {
  return 'encryptStringAsync' in safeStorage;
}

async function lackOfEncryption(platform: NodeJS.Platform): Promise<string | null> {
  // Chromium's fallback encrypts with a password that is printed in its sources.
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')
    return 'This desktop offers no keyring.';
  const available = hasAsyncForms()
    ? await safeStorage.isAsyncEncryptionAvailable()
    : safeStorage.isEncryptionAvailable();
  return available ? null : 'The keychain of this system cannot be used.';
}

function keychain(platform: NodeJS.Platform): KeyProtection {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'the macOS Keychain',
    win32: 'Windows DPAPI',
  };
  return {
    kind: 'keychain',
    detail: `A stored key is encrypted by ${names[platform] ?? "the desktop's keyring"}.`,
  };
}
