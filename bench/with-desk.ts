// Runs the built app on a fresh data directory for as long as a measurement takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export interface RunningDesk {
  readonly home: string;
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Epoch milliseconds just before the process was started. */
  readonly startedAt: number;
}

/** Launches, waits for the first numbers on screen, measures, quits, cleans up. */
export async function withDesk<T>(measure: (desk: RunningDesk) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'desk-bench-'));
  // A deployment is measured with sandboxes that are created for it, and nothing else runs meanwhile.
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ pool: { size: 0 } }));
  try {
    const startedAt = Date.now();
    const app = await launch(['.'], { NEURAL_TRADER_HOME: home });
    try {
      const page = await app.firstWindow();
      return await measure({ home, app, page, startedAt });
    } finally {
      await app.close();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Starts Electron with the arguments. As root Chromium needs to do without its sandbox. */
export function launch(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ElectronApplication> {
  const inherited = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return _electron.launch({
    args: [...args],
    env: { ...Object.fromEntries(inherited), ...env },
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
