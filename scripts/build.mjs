// Builds everything that has changed: Rust, then TypeScript.
//   node scripts/build.mjs
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildJs } from './build-js.mjs';
import { run } from './run.mjs';

const buildNative = join(dirname(fileURLToPath(import.meta.url)), 'build-native.mjs');

/** Builds the addon, the runner and out/. Rejects when one of them does not build. */
export async function build() {
  await run(process.execPath, [buildNative], { show: true });
  await buildJs();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build().catch((error) => {
    console.error(`build: ${error.message}`);
    process.exitCode = 1;
  });
}
