// Ctrl+. must stop trading in every state of the window.
import type { ElectronApplication } from '@playwright/test';
import { answerDialogsWith, dialogMessages } from './native-dialogs.ts';
import { type DeskApp, expect, hostIsUp, test } from './desk-app.ts';

test('Ctrl+. opens the kill sheet', async ({ desk }) => {
  await hostIsUp(desk);
  await pressStopKey(desk.app);
  await expect(desk.page.getByRole('alertdialog')).toContainText('Stop all trading');
});

test('Ctrl+. asks natively and stops all trading when the page hangs', async ({ desk }) => {
  await hostIsUp(desk);
  await answerDialogsWith(desk.app, [0, 0]);
  const wake = await hangPage(desk.app);
  await pressStopKey(desk.app);
  await expect
    .poll(() => dialogMessages(desk.app), { timeout: 20_000 })
    .toEqual(['Stop all trading?', 'All trading is stopped']);
  wake();
  expect(await entries(desk)).toBe('latched');
});

test('Ctrl+. and then Cancel leaves a hanging desk as it was', async ({ desk }) => {
  await hostIsUp(desk);
  await answerDialogsWith(desk.app, [2]);
  const wake = await hangPage(desk.app);
  await pressStopKey(desk.app);
  await expect.poll(() => dialogMessages(desk.app)).toEqual(['Stop all trading?']);
  wake();
  expect(await entries(desk)).toBe('open');
  await expect(desk.page.getByRole('alertdialog')).toHaveCount(0);
});

test('a page that crashes is replaced by one that follows the same host', async ({ desk }) => {
  await hostIsUp(desk);
  const before = await desk.page.evaluate(() => window.desk.call('host.health', {}));
  const replaced = desk.app.waitForEvent('window');
  await desk.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
  const page = await replaced;
  await expect(page).toHaveTitle('DEMO · Neural Trader Desk');
  const after = await page.evaluate(() => window.desk.call('host.health', {}));
  expect(uptimeMs(after)).toBeGreaterThan(uptimeMs(before));
  await expect.poll(() => desk.app.windows().length).toBe(1);
});

/** Stops the page's process; returns what lets it go on. */
async function hangPage(app: ElectronApplication): Promise<() => void> {
  const pid = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  if (!pid) throw new Error('The page has no process.');
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}

async function entries(desk: DeskApp): Promise<unknown> {
  const status = await desk.page.evaluate(() => window.desk.call('swarm.status', {}));
  return status.ok && typeof status.value === 'object' && status.value
    ? Reflect.get(status.value, 'entries')
    : status;
}

function uptimeMs(health: Awaited<ReturnType<Window['desk']['call']>>): number {
  const uptime: unknown =
    health.ok && typeof health.value === 'object' && health.value && Reflect.get(health.value, 'uptimeMs');
  return typeof uptime === 'number' ? uptime : Number.NaN;
}

/** Sends the key as the window system does: the page's own process has no part in it. */
async function pressStopKey(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.webContents.sendInputEvent({ type: 'keyDown', keyCode: '.', modifiers: ['control'] });
  });
}
