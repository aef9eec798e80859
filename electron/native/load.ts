// The only door to the native addon, and the only place where its type is taken on trust.
import { createRequire } from 'node:module';
import type * as Addon from '../../native/index.d.ts';
import { DeskError } from '../contract/errors.ts';
import { findNativeFile, type NativePlace, nativePlace } from './native-file.ts';

/** The addon's surface, as generated from its Rust sources. */
export type Native = typeof Addon;
export type * from '../../native/index.d.ts';

/** Raised together with `abi()` in native/addon/src/abi.rs when what is exported changes its shape. */
const expectedAbi = 2;

/** What is exported. The compiler demands each name of the generated declarations here, and no other. */
const exported: Readonly<Record<keyof Native, true>> = {
  abi: true,
  allocateFill: true,
  applyFill: true,
  BacktestJob: true,
  BarImport: true,
  BarSimulation: true,
  checkAgent: true,
  checkLosses: true,
  checkOrder: true,
  checkStrategy: true,
  DemoExchange: true,
  describeBars: true,
  InstanceLock: true,
  Journal: true,
  keepHedged: true,
  LatencyRecorder: true,
  netTargets: true,
  readBars: true,
  riskLayout: true,
  SpendLedger: true,
  strategies: true,
  tradingSessions: true,
};

/** The build tool names the addon after the platform and, where there is a choice, its C library. */
const libraries: Partial<Record<NodeJS.Platform, string>> = { linux: '-gnu', win32: '-msvc' };

/** Loads the addon built for this platform. Throws NATIVE_MISSING, naming the command that builds it. */
export function loadNative(place: NativePlace = nativePlace()): Native {
  const path = findNativeFile({ fileName: addonName(), variable: 'NEURAL_TRADER_NATIVE' }, place);
  const addon = requireAddon(path);
  const reason = mismatch(addon);
  if (reason === null) return addon;
  throw new DeskError('NATIVE_MISSING', `${path} ${reason}. Build it again with: npm run build:native`, {
    path,
  });
}

/** Why the addon was built from other sources than these; null when it was not. */
function mismatch(addon: Native): string | null {
  const abi = addon.abi();
  if (abi !== expectedAbi) return `has surface version ${abi} but the desk needs ${expectedAbi}`;
  const missing = Object.keys(exported).filter((name) => !(name in addon));
  return missing.length === 0 ? null : `does not export ${missing.join(', ')}`;
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
