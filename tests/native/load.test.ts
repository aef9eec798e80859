import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadNative } from '../../electron/native/load.ts';
import { findNativeFile, type NativePlace, nativePlace } from '../../electron/native/native-file.ts';
import { runnerPath } from '../../electron/native/runner-path.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const file = { fileName: 'thing.node', variable: 'THING' };

/** A package with a built file, and the places that look for it. */
function packageWith(...built: string[]): { root: string; place: NativePlace } {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'package.json'), '{}');
  for (const path of built) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return { root, place: { env: {}, from: join(root, 'out'), resourcesPath: undefined } };
}

test('loads the addon that was built here', () => {
  expect(loadNative().abi()).toBe(2);
});

test('finds the built runner by the same rules', () => {
  expect(runnerPath()).toBe(join(import.meta.dirname, '..', '..', 'native', 'desk-runner'));
});

test.each([['out'], ['out/chunks'], ['electron/native']])('finds a built file from %s', (from) => {
  const { root, place } = packageWith('native/thing.node');
  const path = findNativeFile(file, { ...place, from: join(root, from) });
  expect(path).toBe(join(root, 'native', 'thing.node'));
});

test('prefers what lies unpacked beside the packaged app', () => {
  const { root, place } = packageWith('native/thing.node', 'app.asar.unpacked/native/thing.node');
  const path = findNativeFile(file, { ...place, resourcesPath: root });
  expect(path).toBe(join(root, 'app.asar.unpacked', 'native', 'thing.node'));
});

test('takes the path of the environment before all others', () => {
  const { root, place } = packageWith('native/thing.node', 'elsewhere/thing.node');
  const elsewhere = join(root, 'elsewhere', 'thing.node');
  expect(findNativeFile(file, { ...place, env: { THING: elsewhere } })).toBe(elsewhere);
});

test('a file that is not built is named with the command that builds it', () => {
  const { root, place } = packageWith();
  expect(() => findNativeFile(file, place)).toThrow(
    expect.objectContaining({
      code: 'NATIVE_MISSING',
      message: `thing.node is not there (looked at ${join(root, 'native', 'thing.node')}). Build it with: npm run build:native`,
    }),
  );
});

test('a relative path in the environment is refused, not guessed at', () => {
  const { place } = packageWith('native/thing.node');
  expect(() => findNativeFile(file, { ...place, env: { THING: 'native/thing.node' } })).toThrow(
    expect.objectContaining({ code: 'NATIVE_MISSING', message: expect.stringContaining('absolute') }),
  );
});

test('a file that is no addon is refused with the reason', () => {
  const path = join(temporaryDirectory(), 'broken.node');
  writeFileSync(path, 'not an addon');
  expect(() => loadNative({ ...nativePlace(), env: { NEURAL_TRADER_NATIVE: path } })).toThrow(
    expect.objectContaining({ code: 'NATIVE_MISSING', message: expect.stringContaining('cannot be loaded') }),
  );
});

test('an addon of another surface is refused with both versions', () => {
  const path = join(temporaryDirectory(), 'other.cjs');
  writeFileSync(path, 'exports.abi = () => 99;');
  expect(() => loadNative({ ...nativePlace(), env: { NEURAL_TRADER_NATIVE: path } })).toThrow(
    expect.objectContaining({
      code: 'NATIVE_MISSING',
      message: expect.stringContaining('surface version 99 but the desk needs 2'),
    }),
  );
});

test('an addon from before something was added is refused with what it lacks', () => {
  const path = join(temporaryDirectory(), 'older.cjs');
  const names = Object.keys(loadNative()).filter((name) => name !== 'readBars' && name !== 'BarSimulation');
  const older = names.map((name) => `exports.${name} = () => ${loadNative().abi()};`);
  writeFileSync(path, older.join('\n'));
  expect(() => loadNative({ ...nativePlace(), env: { NEURAL_TRADER_NATIVE: path } })).toThrow(
    expect.objectContaining({
      code: 'NATIVE_MISSING',
      message: expect.stringContaining('does not export BarSimulation, readBars'),
    }),
  );
});
