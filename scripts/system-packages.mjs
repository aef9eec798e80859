// What the desk needs from the system on Linux: the libraries a window needs, Xvfb for tests, bubblewrap for isolation.
//   node scripts/system-packages.mjs
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Debian 13 and Ubuntu 24.04 renamed some packages; the first name that apt knows is installed.
const windowLibraries = {
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libnss3.so': ['libnss3'],
  'libasound.so.2': ['libasound2t64', 'libasound2'],
  'libgbm.so.1': ['libgbm1'],
};
const programs = { bwrap: ['bubblewrap'] };
const testPrograms = { Xvfb: ['xvfb'] };

/**
 * Installs what is missing when we are root on a Debian-like system; otherwise says the one command that does, and
 * ends with exit code 2. Does nothing on other platforms.
 */
export function ensureSystemPackages({ window, tests }) {
  if (process.platform !== 'linux') return;
  const missing = missingPackages({ window, tests });
  if (missing.length === 0) return;
  if (!hasProgram('apt-get')) {
    fail(
      `missing: ${missing.map((names) => names.at(-1)).join(', ')}. Install them with your package manager.`,
    );
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot) apt('update', '-qq');
  const names = missing.map((candidates) => candidates.find(isKnownToApt) ?? candidates.at(-1));
  if (!isRoot) fail(`run this once: sudo apt-get install -y --no-install-recommends ${names.join(' ')}`);
  console.error(`system: installing ${names.join(', ')}`);
  apt('install', '-y', '-qq', '--no-install-recommends', ...names);
}

function missingPackages({ window, tests }) {
  const libraries = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: systemPath() }).stdout ?? '';
  const wanted = { ...programs, ...(tests ? testPrograms : {}) };
  const missing = Object.keys(wanted)
    .filter((name) => !hasProgram(name))
    .map((name) => wanted[name]);
  if (window) {
    for (const [library, names] of Object.entries(windowLibraries)) {
      if (!libraries.includes(`${library} `)) missing.push(names);
    }
  }
  return missing;
}

function hasProgram(name) {
  return systemPath()
    .PATH.split(delimiter)
    .some((directory) => existsSync(join(directory, name)));
}

// A user's PATH often leaves out the directories of ldconfig.
function systemPath() {
  return { ...process.env, PATH: [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter) };
}

function isKnownToApt(name) {
  const { stdout } = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(stdout ?? '');
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (status !== 0) fail(`apt-get ${args.join(' ')} failed; it says why above.`);
}

function fail(message) {
  console.error(`system: ${message}`);
  process.exit(2);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureSystemPackages({ window: true, tests: true });
