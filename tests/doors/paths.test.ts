import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('the data directory', () => {
  test.each([
    ['linux', { HOME: '/home/ada' }, '/home/ada/.local/share/neural-trader'],
    ['linux', { HOME: '/home/ada', XDG_DATA_HOME: '/srv/data' }, '/srv/data/neural-trader'],
    ['linux', { HOME: '/home/ada', XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/neural-trader'],
    ['darwin', { HOME: '/Users/ada' }, '/Users/ada/Library/Application Support/neural-trader'],
    [
      'win32',
      { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
      'C:\\Users\\ada\\AppData\\Local\\neural-trader',
    ],
    ['linux', { HOME: '/home/ada', NEURAL_TRADER_HOME: '/mnt/desk' }, '/mnt/desk'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(resolvePaths(env, platform).dataDir).toBe(expected);
  });

  test('is created open to its owner alone', () => {
    const paths = resolvePaths({ NEURAL_TRADER_HOME: join(temporaryDirectory(), 'a', 'b') }, 'linux');
    expect(existsSync(paths.dataDir)).toBe(false);
    ensureDataDir(paths);
    expect(statSync(paths.dataDir).mode & 0o777).toBe(0o700);
  });

  test('keeps the permissions of a directory that was there before', () => {
    const existing = temporaryDirectory();
    chmodSync(existing, 0o750);
    ensureDataDir(resolvePaths({ NEURAL_TRADER_HOME: existing }, 'linux'));
    expect(statSync(existing).mode & 0o777).toBe(0o750);
  });

  test('that cannot be made is refused with its path and the remedy', () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const paths = resolvePaths({ NEURAL_TRADER_HOME: join(file, 'below') }, 'linux');
    expect(() => ensureDataDir(paths)).toThrow(
      expect.objectContaining({
        code: 'DATA_DIR_UNWRITABLE',
        message: expect.stringMatching(/file\/below.*NEURAL_TRADER_HOME/),
      }),
    );
  });
});

describe('the control socket', () => {
  test('lies in the data directory where the path is short enough for the kernel', () => {
    expect(resolvePaths({ NEURAL_TRADER_HOME: '/mnt/desk' }, 'linux').controlSocket).toBe(
      '/mnt/desk/control.sock',
    );
  });

  test('has a short name of its own, the same in every environment, where it is not', () => {
    const long = `/mnt/${'é'.repeat(50)}`;
    const first = resolvePaths(
      { NEURAL_TRADER_HOME: long, XDG_RUNTIME_DIR: '/run/user/1000' },
      'linux',
    ).controlSocket;
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(100);
    expect(resolvePaths({ NEURAL_TRADER_HOME: long, TMPDIR: '/var/tmp' }, 'linux').controlSocket).toBe(first);
    expect(resolvePaths({ NEURAL_TRADER_HOME: `${long}2` }, 'linux').controlSocket).not.toBe(first);
  });

  test('is a named pipe on Windows', () => {
    expect(resolvePaths({ NEURAL_TRADER_HOME: 'C:\\desk' }, 'win32').controlSocket).toMatch(
      /^\\\\\.\\pipe\\neural-trader-[0-9a-f]{16}$/,
    );
  });
});
