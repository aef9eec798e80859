// Where the runner lies: the program that is put into sandboxes.
import { findNativeFile, type NativePlace, nativePlace } from './native-file.ts';

/**
 * Returns the absolute path of the built runner; `NEURAL_TRADER_RUNNER` overrides it.
 * Throws NATIVE_MISSING, naming the command that builds it.
 */
export function runnerPath(place: NativePlace = nativePlace()): string {
  const fileName = process.platform === 'win32' ? 'desk-runner.exe' : 'desk-runner';
  return findNativeFile({ fileName, variable: 'NEURAL_TRADER_RUNNER' }, place);
}
