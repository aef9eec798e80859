import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openKeychain } from '../../electron/shell/keychain.ts';

const fake = vi.hoisted(() => ({ safeStorage: {} as Record<string, unknown> }));
vi.mock('electron', () => fake);

const sealed = (text: string): Buffer => Buffer.from(Buffer.from(text).toString('hex'));
const opened = (bytes: Buffer): string => Buffer.from(bytes.toString(), 'hex').toString();

/** The forms of Electron 33; each of them is there in later ones too. */
const syncForms = {
  isEncryptionAvailable: () => true,
  encryptString: sealed,
  decryptString: opened,
  getSelectedStorageBackend: () => 'gnome_libsecret',
};

const refuseSync = (): never => {
  throw new Error('the synchronous form was called');
};

const asyncForms = {
  ...syncForms,
  encryptString: refuseSync,
  decryptString: refuseSync,
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text: string) => Promise.resolve(sealed(text)),
  decryptStringAsync: (bytes: Buffer) => Promise.resolve({ result: opened(bytes), shouldReEncrypt: false }),
};

describe.each([
  ['with the asynchronous forms', asyncForms],
  ['with the older forms alone', syncForms],
])('%s', (_, forms) => {
  beforeEach(() => {
    fake.safeStorage = { ...forms };
  });

  test('seals what it opens again', async () => {
    const vault = openKeychain('linux');
    const text = await vault.seal('a key');
    expect(text).not.toContain('a key');
    expect(await vault.open(text)).toBe('a key');
  });

  test.each([
    ['linux', 'keyring'],
    ['darwin', 'Keychain'],
    ['win32', 'DPAPI'],
  ] as const)('says on %s by what a key is encrypted', async (platform, name) => {
    expect(await openKeychain(platform).protection()).toEqual({
      kind: 'keychain',
      detail: expect.stringContaining(name),
    });
  });

  test('says that a desktop without a keyring encrypts nothing', async () => {
    fake.safeStorage['getSelectedStorageBackend'] = () => 'basic_text';
    expect(await openKeychain('linux').protection()).toEqual({
      kind: 'file',
      detail: expect.stringMatching(/no keyring.*not encrypted/),
    });
  });

  test('says so when the keychain cannot be used', async () => {
    fake.safeStorage['isEncryptionAvailable'] = () => false;
    if ('isAsyncEncryptionAvailable' in forms)
      fake.safeStorage['isAsyncEncryptionAvailable'] = () => Promise.resolve(false);
    expect(await openKeychain('darwin').protection()).toEqual({
      kind: 'file',
      detail: expect.stringMatching(/cannot be used.*not encrypted/),
    });
  });
});
