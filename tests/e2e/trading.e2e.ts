// Orders as an operator sees them: a replay so slow that an order waits for its bar, long enough to be cancelled by hand.
import type { Locator, Page } from '@playwright/test';
import { expect, hostIsUp, test } from './desk-app.ts';

const patient = { timeout: 60_000 };

test('shows an order at work, cancels it, orders anew, and sets the position against the books', async ({
  desk,
}) => {
  test.setTimeout(240_000);
  const { page } = desk;
  await hostIsUp(desk);
  await chooseSlowReplay(page);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  const screen = page.getByRole('main', { name: 'Trading' });
  await expect(screen).toContainText('No orders yet');

  await deployOne(page);
  const cancelled = await cancelOne(page, screen);
  const inspector = page.getByRole('complementary', { name: `Order ${cancelled}` });
  await expect(inspector).toContainText('cancelled');
  await expect(inspector.getByRole('region', { name: 'Risk gate' })).toContainText('Passed every check.');
  const history = inspector.getByRole('region', { name: 'History' });
  await expect(history).toContainText('Approved by the risk gate');
  await expect(history).toContainText('Cancel asked for in the window');

  // Entries stay open, so what the agent still wants is ordered again and fills with the next bar.
  await screen.getByRole('radio', { name: /^Fills [1-9]/ }).click(patient);
  await expect(rows(screen, 'Fills').first()).toContainText('SPX');
  await screen.getByRole('radio', { name: /^Positions/ }).click();
  await rows(screen, 'Positions').filter({ hasText: 'SPX' }).click();
  const position = page.getByRole('complementary', { name: 'Position SPX' });
  await expect(position.getByRole('table', { name: 'Agents' })).toContainText('time-series-momentum-01');
  await expect(position.getByText('Difference').locator('xpath=following-sibling::*')).toHaveText('0');
  expect(desk.pageErrors).toEqual([]);
});

async function chooseSlowReplay(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('radio', { name: 'Replay of the S&P 500' }).click();
  await dialog.getByLabel('Speed').fill('0.1');
  await dialog.getByRole('button', { name: 'Switch market' }).click();
  await expect(dialog.getByRole('radio', { name: 'Replay of the S&P 500' })).toContainText('In use', patient);
  await page.keyboard.press('Escape');
}

/** An agent that holds something at nearly every bar, so that it has something to order at the first. */
async function deployOne(page: Page): Promise<void> {
  const params = { lookback: 20, every: 1 };
  const input = { agent: 'time-series-momentum', symbols: ['SPX'], count: 1, params };
  const reply = await page.evaluate((sent) => window.desk.call('swarm.deploy', sent), input);
  expect(reply).toMatchObject({ ok: true });
}

/** Returns the id of an order that was cancelled; one that filled before the button was reached is left, and the next one tried. */
async function cancelOne(page: Page, screen: Locator): Promise<string> {
  let id = '';
  await expect(async () => {
    await screen.getByRole('radio', { name: /^Working [1-9]/ }).click({ timeout: 20_000 });
    await rows(screen, 'Orders').first().click({ timeout: 5_000 });
    const inspector = page.getByRole('complementary', { name: /^Order / });
    id = (await inspector.getAttribute('aria-label', { timeout: 5_000 }))?.replace('Order ', '') ?? '';
    await inspector.getByRole('button', { name: 'Cancel order' }).click({ timeout: 5_000 });
    await expect(inspector).toContainText('Cancelled', { timeout: 5_000 });
  }).toPass({ timeout: 150_000 });
  return id;
}

function rows(screen: Locator, grid: string): Locator {
  return screen.getByRole('grid', { name: grid }).getByRole('row').filter({ hasText: 'SPX' });
}
