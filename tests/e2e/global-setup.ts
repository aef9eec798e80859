// Before all tests: an Electron to run and a display to draw on. Both reach the workers through the environment.
import { electronRuntime } from '../../scripts/electron-runtime.mjs';
import { startDisplay } from '../../scripts/display.mjs';

export default async function globalSetup(): Promise<() => Promise<void>> {
  const runtime = await electronRuntime((line: string) => console.error(line));
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = runtime.dist;
  console.log(`Electron ${runtime.version} (${runtime.source})`);
  const display = await startDisplay(process.env, process.platform);
  if (display.name !== null) process.env['DISPLAY'] = display.name;
  return display.close;
}
