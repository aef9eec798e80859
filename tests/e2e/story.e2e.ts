// The desk as its operator lives it: real bars, a swarm, its fills and its price, the stop key, and the day after a restart.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { closeDesk, type DeskApp, expect, hostIsUp, launchDesk, test } from './desk-app.ts';

const sample = join(
  dirname(createRequire(import.meta.url).resolve('vega-datasets')),
  '..',
  'data',
  'sp500-2000.csv',
);
const patient = { timeout: 40_000 };

test('deploys on real bars, fills at their prices, pays, is killed, and finds everything again', async ({
  home,
  desk,
}) => {
  test.setTimeout(180_000);
  await hostIsUp(desk);
  await chooseReplay(desk.page);
  await deployThree(desk.page);
  await expect(desk.page.getByRole('main', { name: 'Fleet' })).toBeVisible();
  await expect(rows(desk.page)).toHaveCount(3);
  await expect(rows(desk.page).filter({ hasText: 'running' })).toHaveCount(3, patient);

  await expect.poll(async () => (await status(desk)).fills, patient).toBeGreaterThanOrEqual(3);
  const spent = (await status(desk)).spendMicros;
  await expect.poll(async () => (await status(desk)).spendMicros, patient).toBeGreaterThan(spent);

  await desk.page.keyboard.press('Control+.');
  const sheet = desk.page.getByRole('alertdialog', { name: 'Stop all trading' });
  await expect(sheet).toContainText('new entries blocked since');
  await sheet.getByRole('button', { name: /^Flatten|^End/ }).click();
  await expect(sheet.getByRole('table', { name: 'Receipt' })).toContainText('gone at the provider', patient);
  await expect.poll(async () => (await status(desk)).entries).toBe('latched');
  await expect.poll(async () => (await status(desk)).alive).toBe(0);

  const before = await fills(desk.page);
  const opens = openPrices();
  expect(before.length).toBeGreaterThanOrEqual(3);
  expect(before.filter((fill) => !opens.has(fill.priceTicks))).toEqual([]);
  const statusBefore = await status(desk);
  await closeDesk(desk);

  const again = await launchDesk(home);
  try {
    await hostIsUp(again);
    await expect(again.page.getByRole('banner')).toContainText('DEMO');
    const after = await status(again);
    expect(after).toMatchObject({
      entries: 'latched',
      orders: statusBefore.orders,
      fills: statusBefore.fills,
      alive: 0,
    });
    expect(after.spendMicros).toBe(statusBefore.spendMicros);
    expect(await fills(again.page)).toEqual(before);
    expect(again.pageErrors).toEqual([]);
  } finally {
    await closeDesk(again);
  }
});

async function chooseReplay(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('radio', { name: 'Replay of the S&P 500' }).click();
  await dialog.getByLabel('Speed').fill('40');
  await dialog.getByRole('button', { name: 'Switch market' }).click();
  await expect(dialog.getByRole('radio', { name: 'Replay of the S&P 500' })).toContainText('In use', patient);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('contentinfo')).toContainText('Replay');
}

async function deployThree(page: Page): Promise<void> {
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Deploy a swarm' });
  await expect(dialog).toContainText('simulated');
  await dialog.getByRole('button', { name: /^Deploy 3 agents/ }).click();
  await expect(dialog).toHaveCount(0, patient);
}

function rows(page: Page) {
  return page.getByRole('grid', { name: 'Agents' }).getByRole('row').filter({ hasText: 'momentum-' });
}

interface Status {
  readonly alive: number;
  readonly orders: number;
  readonly fills: number;
  readonly spendMicros: number;
  readonly entries: string;
}

async function status({ page }: DeskApp): Promise<Status> {
  const reply = await page.evaluate(() => window.desk.call('swarm.status', {}));
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value as Status;
}

interface SeenFill {
  readonly executionId: string;
  readonly priceTicks: number;
}

/** The fills of a fresh snapshot, as any follower receives them. */
function fills(page: Page): Promise<SeenFill[]> {
  return page.evaluate(
    () =>
      new Promise<SeenFill[]>((resolve) => {
        const subscription = window.desk.subscribe((frame) => {
          if (frame.kind !== 'snapshot') return;
          resolve(frame.state.fills.map(({ executionId, priceTicks }) => ({ executionId, priceTicks })));
          queueMicrotask(() => subscription.close());
        });
      }),
  );
}

/** Every opening price of the file, in ticks. */
function openPrices(): Set<number> {
  const [header = '', ...lines] = readFileSync(sample, 'utf8').trim().split('\n');
  const column = header.split(',').findIndex((name) => name.trim().toLowerCase() === 'open');
  return new Set(lines.map((line) => Math.round(Number(line.split(',')[column]) * 10_000)));
}
