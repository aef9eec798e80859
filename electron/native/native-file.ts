// Finds what is built from native/: the same rules from sources, from the bundle and in the packaged app.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeskError } from '../contract/errors.ts';

export interface NativeFile {
  readonly fileName: string;
  /** Environment variable that names the file by its absolute path instead. */
  readonly variable: string;
}

export interface NativePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory of the running module: in electron/native/ or anywhere in out/. */
  readonly from: string;
  /** Electron's resources directory; undefined under Node. */
  readonly resourcesPath: string | undefined;
}

/** Returns the absolute path of a built file. Throws NATIVE_MISSING with every place that was looked at. */
export function findNativeFile(file: NativeFile, place: NativePlace): string {
  const override = place.env[file.variable];
  if (override !== undefined && !isAbsolute(override)) {
    throw missing(file, `${file.variable} is "${override}"; it must be an absolute path`, []);
  }
  const candidates = override === undefined ? builtPaths(file.fileName, place) : [override];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw missing(file, `${file.fileName} is not there`, candidates);
  return found;
}

/** Returns where this process runs. */
export function nativePlace(): NativePlace {
  // Only Electron's process has the property, so Node's types do not know it.
  const resources: unknown = Reflect.get(process, 'resourcesPath');
  return {
    env: process.env,
    from: dirname(fileURLToPath(import.meta.url)),
    resourcesPath: typeof resources === 'string' ? resources : undefined,
  };
}

function builtPaths(fileName: string, place: NativePlace): string[] {
  const paths: string[] = [];
  // A file inside app.asar can be neither mapped nor run: the packaged app keeps these beside it.
  if (place.resourcesPath) paths.push(join(place.resourcesPath, 'app.asar.unpacked', 'native', fileName));
  const root = packageRoot(place.from);
  if (root !== null) paths.push(join(root, 'native', fileName));
  return paths;
}

function packageRoot(from: string): string | null {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  return parent === from ? null : packageRoot(parent);
}

function missing(file: NativeFile, reason: string, looked: readonly string[]): DeskError {
  const places = looked.length > 0 ? ` (looked at ${looked.join(', ')})` : '';
  return new DeskError('NATIVE_MISSING', `${reason}${places}. Build it with: npm run build:native`, {
    fileName: file.fileName,
    looked,
  });
}
