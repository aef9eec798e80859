import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fileVault, type Vault } from '../../electron/host/sealed-key.ts';
import { openSecrets } from '../../electron/host/secrets.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const key = 'e2b_0123456789abcdef';

/** Writes text in hexadecimal, which is enough to see that it passed through. */
const hexVault: Vault = {
  protection: () => Promise.resolve({ kind: 'keychain', detail: 'in hexadecimal' }),
  seal: (text) => Promise.resolve(Buffer.from(text).toString('hex')),
  open: (text) => Promise.resolve(Buffer.from(text, 'hex').toString()),
};

function secretsFile(): string {
  return join(temporaryDirectory(), 'secrets.json');
}

test('without a key there is none, and forgetting one says so', async () => {
  const secrets = openSecrets({ file: secretsFile(), environmentKey: undefined, vault: fileVault });
  expect([await secrets.key(), secrets.source(), secrets.forget()]).toEqual([null, 'none', false]);
});

test('a stored key is there for the next start until it is forgotten', async () => {
  const parts = { file: secretsFile(), environmentKey: '  ', vault: fileVault };
  await openSecrets(parts).store('an earlier one');
  await openSecrets(parts).store(key);
  const secrets = openSecrets(parts);
  expect([await secrets.key(), secrets.source()]).toEqual([{ value: key, source: 'stored' }, 'stored']);
  expect(secrets.forget()).toBe(true);
  expect([await secrets.key(), secrets.source()]).toEqual([null, 'none']);
});

test.skipIf(process.platform === 'win32')(
  'the file is closed to other users, also one that was open',
  async () => {
    const file = secretsFile();
    writeFileSync(`${file}.new`, '', { mode: 0o644 });
    const secrets = openSecrets({ file, environmentKey: undefined, vault: fileVault });
    await secrets.store(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await secrets.protection()).toEqual({
      kind: 'file',
      detail: expect.stringContaining('not encrypted'),
    });
  },
);

test('a key in the environment wins over the stored one', async () => {
  const file = secretsFile();
  await openSecrets({ file, environmentKey: undefined, vault: fileVault }).store('stored before');
  const secrets = openSecrets({ file, environmentKey: ` ${key}\n`, vault: fileVault });
  expect([await secrets.key(), secrets.source()]).toEqual([
    { value: key, source: 'environment' },
    'environment',
  ]);
});

describe('with a keychain', () => {
  test('the file holds no key', async () => {
    const file = secretsFile();
    const secrets = openSecrets({ file, environmentKey: undefined, vault: hexVault });
    await secrets.store(key);
    expect(readFileSync(file, 'utf8')).not.toContain(key);
    expect(await secrets.key()).toEqual({ value: key, source: 'stored' });
  });

  test('a host without it says that the key is there and cannot be opened', async () => {
    const file = secretsFile();
    await openSecrets({ file, environmentKey: undefined, vault: hexVault }).store(key);
    const headless = openSecrets({ file, environmentKey: undefined, vault: fileVault });
    expect(headless.source()).toBe('stored');
    await expect(headless.key()).rejects.toMatchObject({
      code: 'PROVIDER_KEY_MISSING',
      message: expect.stringMatching(/sealed by the keychain.*E2B_API_KEY.*provider-use --key-stdin/),
    });
  });

  test('a key that was stored without it is said to be unencrypted until it is stored again', async () => {
    const file = secretsFile();
    await openSecrets({ file, environmentKey: undefined, vault: fileVault }).store(key);
    const secrets = openSecrets({ file, environmentKey: undefined, vault: hexVault });
    expect(await secrets.protection()).toEqual({
      kind: 'file',
      detail: expect.stringMatching(/not encrypted.*Store it again/),
    });
    await secrets.store(key);
    expect(await secrets.protection()).toEqual({ kind: 'keychain', detail: 'in hexadecimal' });
    const headless = openSecrets({ file, environmentKey: undefined, vault: fileVault });
    expect(await headless.protection()).toEqual({
      kind: 'keychain',
      detail: expect.stringContaining('only the desktop app'),
    });
  });

  test('that fails, the remedy is named', async () => {
    const file = secretsFile();
    await openSecrets({ file, environmentKey: undefined, vault: hexVault }).store(key);
    const locked = { ...hexVault, open: () => Promise.reject(new Error('locked')) };
    await expect(openSecrets({ file, environmentKey: undefined, vault: locked }).key()).rejects.toMatchObject(
      {
        code: 'PROVIDER_KEY_MISSING',
        message: expect.stringContaining('did not open'),
      },
    );
  });
});

test.each([
  ['a damaged file', `{"e2bApiKey":{"text":"${key}"`, undefined, 'PROVIDER_KEY_MISSING'],
  ['an environment with two lines', '', `${key}\nmore`, 'PROVIDER_KEY_REFUSED'],
])('%s is refused without repeating the key', async (_, content, environmentKey, code) => {
  const file = secretsFile();
  if (content !== '') writeFileSync(file, content);
  const error: unknown = await openSecrets({ file, environmentKey, vault: fileVault })
    .key()
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  expect(inspect(error, { depth: 9 })).not.toContain(key);
});
