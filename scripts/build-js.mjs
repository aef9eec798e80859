// Builds what is written in TypeScript into out/. Does nothing when the sources are unchanged.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const builtHash = join(root, 'out', '.built-hash');
const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const directories = ['electron', 'renderer', 'assets'];
const files = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** Builds main, daemon, command line, local services, preload and window. */
export async function buildJs() {
  // Taken before the build: a source that changes while it runs is built again the next time.
  const hash = hashSources();
  if (existsSync(builtHash) && readFileSync(builtHash, 'utf8') === hash) {
    console.log('js: up to date');
    return;
  }
  await run(process.execPath, [bundler, 'build', '--logLevel', 'warn'], { cwd: root, show: true });
  writeFileSync(builtHash, hash);
  console.log('js: built');
}

function hashSources() {
  const sources = directories.flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const digest = createHash('sha256');
  for (const file of [...sources, ...files.map((name) => join(root, name))].sort()) {
    digest
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return digest.digest('hex');
}
