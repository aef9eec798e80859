// The only door to the native addon, and the only place where its type is taken on trust.
import { createRequire } from 'node:module';
import type * as Addon from '../../native/index.d.ts';
import { DeskError } from '../contract/errors.ts';
import { findNativeFile, type NativePlace, nativePlace } from './native-file.ts';

/** The addon's surface, as generated from its Rust sources. */
export type Native = typeof Addon;
export type * from '../../native/index.d.ts';

/** Raised together with `abi()` in native/addon/src/abi.rs whenever the surface changes. */
const expectedAbi = 2;

/** The build tool names the addon after the platform and, where there is a choice, its C library. */
const libraries: Partial<Record<NodeJS.Platform, string>> = { linux: '-gnu', win32: '-msvc' };

/** Loads the addon built for this platform. Throws NATIVE_MISSING, naming the command that builds it. */
export function loadNative(place: NativePlace = nativePlace()): Native {
  const path = findNativeFile({ fileName: addonName(), variable: 'NEURAL_TRADER_NATIVE' }, place);
  const addon = requireAddon(path);
  const abi = addon.abi();
  if (abi === expectedAbi) return addon;
  const reason = `${path} has surface version ${abi} but the desk needs ${expectedAbi}`;
  throw new DeskError('NATIVE_MISSING', `${reason}. Build it again with: npm run build:native`, { path });
}

function requireAddon(path: string): Native {
  try {
    return createRequire(import.meta.url)(path) as Native;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'Build it for this machine with: npm run build:native';
    throw new DeskError(
      'NATIVE_MISSING',
      `${path} cannot be loaded: ${reason}. ${remedy}`,
      { path },
      { cause },
    );
  }
}

function addonName(): string {
  const library = libraries[process.platform] ?? '';
  return `neural-trader.${process.platform}-${process.arch}${library}.node`;
}
