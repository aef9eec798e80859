// What an operator takes out of the window: the command line of a deployment, and a chart's numbers.
import { readFileSync } from 'node:fs';
import { expect, hostIsUp, test } from './desk-app.ts';

test('copies the command line of a deployment', async ({ desk }) => {
  await hostIsUp(desk);
  await desk.page.keyboard.press('n');
  const dialog = desk.page.getByRole('dialog', { name: 'Deploy a swarm' });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect
    .poll(() => desk.app.evaluate(({ clipboard }) => clipboard.readText()))
    .toContain('neural-trader deploy --agent momentum --symbols AAPL,MSFT,GOOGL --count 3');
});

test('saves a chart as CSV where the person says', async ({ desk }, testInfo) => {
  const file = testInfo.outputPath('spend.csv');
  await hostIsUp(desk);
  await desk.app.evaluate(({ session }, path) => {
    session.defaultSession.once('will-download', (_event, item) => item.setSavePath(path));
  }, file);
  await desk.page.getByRole('button', { name: 'CSV' }).first().click();
  await expect
    .poll(() => {
      try {
        return readFileSync(file, 'utf8').split('\n').length;
      } catch {
        return 0;
      }
    })
    .toBeGreaterThan(2);
});
