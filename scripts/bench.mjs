// `npm run bench [-- SECTION ...]`: builds the app, prepares Electron and a display, then measures. All takes about four minutes.
import { build } from 'vite';
import { run } from './run.mjs';
import { startDisplay } from './display.mjs';
import { electronRuntime } from './electron-runtime.mjs';

await run('node', ['scripts/build.mjs'], { show: true });
await build({
  logLevel: 'warn',
  configFile: false,
  build: { ssr: 'bench/run-bench.ts', outDir: 'out/bench', target: 'node20', emptyOutDir: true },
});
const runtime = await electronRuntime((line) => console.error(line));
const display = await startDisplay(process.env, process.platform);
const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist };
if (display.name !== null) env.DISPLAY = display.name;
try {
  await run('node', ['out/bench/run-bench.js', ...process.argv.slice(2)], { env, show: true });
} finally {
  await display.close();
}
