// Fixture: the real app in a data directory of its own, traced, and ended whatever happens.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostHealth } from '../../electron/contract/watch.ts';
import { type ElectronApplication, _electron, expect, type Page, test as base } from '@playwright/test';
import { withoutWarmPool } from '../support/without-warm-pool.ts';

const Health = hostHealth.output;
const closeMs = 40_000;

export interface DeskApp {
  readonly app: ElectronApplication;
  /** The operating system's process of `app`. */
  readonly main: ChildProcess;
  readonly page: Page;
  /** Errors that the page wrote to its console or did not catch, so far. */
  readonly pageErrors: readonly string[];
}

interface DeskFixtures {
  /** The desk's data directory; removed after the test. */
  readonly home: string;
  readonly desk: DeskApp;
}

export const test = base.extend<DeskFixtures>({
  // Playwright reads the pattern to see which fixtures this one needs.
  home: async ({}, provide) => {
    const home = mkdtempSync(join(tmpdir(), 'desk-e2e-'));
    withoutWarmPool(home);
    await provide(home);
    rmSync(home, { recursive: true, force: true });
  },
  desk: async ({ home }, provide, testInfo) => {
    const desk = await launchDesk(home);
    const { tracing } = desk.app.context();
    await tracing.start({ screenshots: true, snapshots: true });
    await provide(desk);
    const failed = testInfo.status !== testInfo.expectedStatus;
    await tracing.stop(failed ? { path: testInfo.outputPath('trace.zip') } : {}).catch(() => undefined);
    await closeDesk(desk);
  },
});

/** Starts the app on `home` and waits for its window. End it with `closeDesk`. */
export async function launchDesk(home: string): Promise<DeskApp> {
  const app = await _electron.launch({
    args: ['.'],
    env: environment(home),
    // Chromium has no sandbox for root; everybody else tests what is shipped.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const pageErrors: string[] = [];
  app.context().on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
  app.context().on('weberror', (error) => pageErrors.push(error.error().message));
  const page = await app.firstWindow();
  return { app, main: app.process(), page, pageErrors };
}

/** Quits the app in order; one that does not end in time is killed, and the test fails. */
export async function closeDesk({ app, main }: DeskApp): Promise<void> {
  if (main.exitCode !== null) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), closeMs);
  });
  const outcome = await Promise.race([app.close().then(() => 'closed'), late]);
  clearTimeout(timer);
  if (outcome === 'late') {
    main.kill('SIGKILL');
    throw new Error(`The app did not quit within ${closeMs / 1_000} s and was killed.`);
  }
}

/** Waits until the host behind the window is connected to broker and sandboxes. */
export async function hostIsUp({ page }: DeskApp): Promise<void> {
  const isHealthy = async (): Promise<boolean> => {
    const reply = await page.evaluate(() => window.desk.call('host.health', {}));
    return reply.ok && Health.parse(reply.value).healthy;
  };
  await expect.poll(isHealthy, { timeout: 30_000 }).toBe(true);
}

function environment(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(inherited), NEURAL_TRADER_HOME: home };
}

export { expect };
