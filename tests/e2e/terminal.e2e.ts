// A shell in an agent's sandbox, in the real window under its real content policy.
import { expect, hostIsUp, test } from './desk-app.ts';

const patient = { timeout: 40_000 };

test('types into a shell, sees its colours, and stops everything from there', async ({ desk }, testInfo) => {
  const { page, pageErrors } = desk;
  await hostIsUp(desk);
  await page.keyboard.press('n');
  const deploy = page.getByRole('dialog', { name: 'Deploy a swarm' });
  await deploy.getByRole('button', { name: /^Deploy 3 agents/ }).click();
  await expect(deploy).toHaveCount(0, patient);
  await page.getByRole('grid', { name: 'Agents' }).getByText('momentum-01').click();
  await page.getByRole('complementary').getByRole('button', { name: 'Terminal' }).click();

  const sheet = page.getByRole('dialog', { name: 'Terminal' });
  await expect(sheet.getByRole('status')).toHaveText('Connected', patient);
  const rows = sheet.locator('.xterm-rows');
  await expect(rows).toContainText('$');
  await page.keyboard.type(
    "echo sum $((40 + 2)); printf '\\e[31mindexed\\e[0m \\e[38;2;1;200;3mexact\\e[0m\\n'\n",
  );
  await expect(rows).toContainText('sum 42');
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  const colourOf = (word: string) =>
    rows
      .locator('span', { hasText: new RegExp(`^${word}$`) })
      .evaluate((span) => getComputedStyle(span).color);
  expect(await colourOf('exact')).toBe('rgb(1, 200, 3)');
  await expect.poll(() => colourOf('indexed')).toBe('rgb(255, 107, 94)');
  await page.keyboard.type('stty size; ls -la /; cat /etc/os-release | head -3\n');
  await expect(rows).toContainText(/\d+ \d+/);
  await page.screenshot({ path: testInfo.outputPath('terminal-dark.png') });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  await page.screenshot({ path: testInfo.outputPath('terminal-light.png') });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));

  await page.keyboard.press('Escape');
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Control+.');
  const kill = page.getByRole('alertdialog', { name: 'Stop all trading' });
  await expect(kill).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath('terminal-kill.png') });
  await page.keyboard.press('Escape');
  await expect(kill).toHaveCount(0);
  await sheet.locator('textarea').focus();
  // Ends the key sequence that the shell began with Escape.
  await page.keyboard.press('Control+c');
  await page.keyboard.type('exit 5\n');
  await expect(sheet.getByRole('status')).toHaveText('Over: the shell exited with code 5.', patient);
  await page.screenshot({ path: testInfo.outputPath('terminal-over.png') });
  await sheet.getByRole('button', { name: 'Close terminal' }).click();
  await expect(sheet).toHaveCount(0);
  expect(pageErrors).toEqual([]);
});
