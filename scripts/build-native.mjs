// Builds what is written in Rust: the addon and the runner, into native/. Does nothing when their sources are unchanged.
//   node scripts/build-native.mjs [--force]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const native = join(root, 'native');
const target = join(native, 'target');
const builtHash = join(target, '.built-hash');
const runner = process.platform === 'win32' ? 'desk-runner.exe' : 'desk-runner';
const addon = new RegExp(`^neural-trader\\.${process.platform}-${process.arch}.*\\.node$`);

if (process.argv.slice(2).some((argument) => argument !== '--force')) {
  fail(2, `build-native takes no argument but --force; got "${process.argv.slice(2).join(' ')}".`);
}
// Taken before the build: a source that changes while it runs is built again the next time.
const hash = hashSources();
if (!process.argv.includes('--force') && isBuilt(hash)) {
  console.log('native: up to date');
} else {
  requireCargo();
  buildRunner();
  await buildAddon();
  writeFileSync(builtHash, hash);
  console.log('native: built the addon and the runner');
}

/** Hashes every file that decides what is built, in a fixed order. */
function hashSources() {
  const crates = readdirSync(native, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(native, entry.name, 'Cargo.toml')))
    .map((entry) => join(native, entry.name));
  const files = [join(native, 'Cargo.lock'), join(native, 'Cargo.toml'), fileURLToPath(import.meta.url)];
  for (const crate of crates) {
    files.push(join(crate, 'Cargo.toml'), join(crate, 'build.rs'));
    const sources = readdirSync(join(crate, 'src'), { recursive: true, withFileTypes: true });
    files.push(
      ...sources.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  const digest = createHash('sha256');
  for (const file of files.filter((path) => existsSync(path)).sort()) {
    digest
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return digest.digest('hex');
}

function isBuilt(wanted) {
  const names = readdirSync(native);
  const present =
    names.includes(runner) && names.includes('index.d.ts') && names.some((name) => addon.test(name));
  return present && existsSync(builtHash) && readFileSync(builtHash, 'utf8') === wanted;
}

function requireCargo() {
  if (spawnSync('cargo', ['--version']).status === 0) return;
  const remedy = 'Install Rust with rustup (https://rustup.rs), open a new shell and run this again.';
  fail(2, `cargo was not found: the addon and the runner are written in Rust. ${remedy}`);
}

async function buildAddon() {
  const { NapiCli } = await import('@napi-rs/cli');
  const outputDir = join(target, 'addon');
  mkdirSync(outputDir, { recursive: true });
  try {
    const { task } = await new NapiCli().build({
      cwd: root,
      manifestPath: join('native', 'addon', 'Cargo.toml'),
      outputDir: relative(root, outputDir),
      dts: 'index.d.ts',
      platform: true,
      noJsBinding: true,
      release: true,
    });
    await task;
  } catch (error) {
    fail(1, `the addon did not build: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const name of readdirSync(outputDir).filter((file) => addon.test(file) || file === 'index.d.ts')) {
    replaceFile(join(outputDir, name), join(native, name));
  }
}

function buildRunner() {
  const manifest = join(native, 'Cargo.toml');
  const build = spawnSync('cargo', ['build', '--release', '-p', 'desk-runner', '--manifest-path', manifest], {
    stdio: 'inherit',
  });
  if (build.status !== 0) fail(1, 'the runner did not build; the compiler says why above.');
  replaceFile(join(target, 'release', runner), join(native, runner));
}

/** Puts a new file in place of one that may be in use: processes that mapped the old file keep it. */
function replaceFile(from, to) {
  const fresh = `${to}.${process.pid}.new`;
  copyFileSync(from, fresh);
  renameSync(fresh, to);
}

function fail(code, message) {
  console.error(`native: ${message}`);
  process.exit(code);
}
