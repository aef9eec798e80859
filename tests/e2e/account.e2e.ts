import { expect, hostIsUp, test } from './desk-app.ts';

test('a key of the other account is refused before anything is sent, and DEMO stays in use', async ({
  desk,
}) => {
  const { page } = desk;
  await hostIsUp(desk);
  await page.getByRole('button', { name: 'Settings' }).click();
  const form = page.getByRole('form', { name: 'Account' });
  for (const [account, keyId, words] of [
    ['PAPER', 'AKTESTTESTTEST01', 'it is a live key, and PAPER needs one that begins with PK'],
    ['LIVE', 'PKTESTTESTTEST01', 'it is a paper key, and LIVE needs one that begins with AK'],
  ] as const) {
    await form.getByRole('radio', { name: account }).click();
    await form.getByLabel('Key id').fill(keyId);
    await form.getByLabel('Secret').fill('secret-of-the-tests');
    for (const press of ['Test account', `Use ${account}`]) {
      await form.getByRole('button', { name: press }).click();
      await expect(form.getByRole('alert')).toContainText(words);
    }
  }
  await page.keyboard.press('Escape');
  await expect(page).toHaveTitle('DEMO · Neural Trader Desk');
});
