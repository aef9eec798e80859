// Starts the desk from the sources: brings what is missing, builds what has changed, opens the window.
//   npm start
// Without a display it starts the headless host and shows the terminal monitor instead.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasDisplay } from './display.mjs';
import { run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const window = hasDisplay(process.env, process.platform);

ensureSystemPackages({ window, tests: false });
try {
  if (!existsSync(join(root, 'node_modules', 'electron-vite')))
    await run('npm', ['ci'], { cwd: root, show: true });
  // Loaded only now: they need what `npm ci` installs.
  const { build } = await import('./build.mjs');
  await build();
  process.exitCode = window ? await openWindow() : await openMonitor();
} catch (error) {
  console.error(`start: ${error.message}`);
  process.exitCode = 1;
}

async function openWindow() {
  const { electronRuntime } = await import('./electron-runtime.mjs');
  const runtime = await electronRuntime((line) => console.log(line));
  console.log(`Electron ${runtime.version} (${runtime.source})`);
  const { default: electron } = await withDist(runtime.dist);
  // Chromium refuses to run sandboxed as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return follow(electron, [...sandbox, '.']);
}

/** The path of the binary, as the electron package tells it. */
function withDist(dist) {
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dist;
  return import('electron');
}

async function openMonitor() {
  console.log(
    'No display (DISPLAY and WAYLAND_DISPLAY are unset): starting the headless host and its monitor.',
  );
  const cli = join(root, 'out', 'cli.js');
  const up = await follow(process.execPath, [cli, 'up']);
  return up === 0 ? follow(process.execPath, [cli, 'monitor']) : up;
}

/** Runs a program on our terminal and passes our signals on; resolves with its exit code. */
function follow(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    // Ctrl+C reaches the program by itself; it decides when we end.
    const ignore = () => {};
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', pass);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code ?? 1);
    });
  });
}
