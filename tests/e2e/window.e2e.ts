import { expect, hostIsUp, test } from './desk-app.ts';

test('opens a window that names its mode, with an empty console', async ({ desk }) => {
  await hostIsUp(desk);
  await expect(desk.page).toHaveTitle('DEMO · Neural Trader Desk');
  await expect(desk.page.getByRole('contentinfo')).toContainText('host up');
  expect(desk.page.url()).toBe('app://desk/');
  await expect(desk.page.getByRole('banner')).toContainText(/demo/i);
  await expect.poll(() => desk.page.evaluate(() => document.fonts.status)).toBe('loaded');
  await desk.page.screenshot({ path: test.info().outputPath('window.png') });
  expect(desk.pageErrors).toEqual([]);
});

test('serves the page with a content policy that the page cannot get around', async ({ desk }) => {
  const { policy, evaluated, fetched } = await desk.page.evaluate(async () => {
    const response = await fetch('app://desk/');
    const attempt = (): string => {
      try {
        // oxlint-disable-next-line typescript/no-implied-eval -- exactly what the policy must stop
        return String(new Function('return 1')());
      } catch (error) {
        return error instanceof Error ? error.name : 'thrown';
      }
    };
    return {
      policy: response.headers.get('content-security-policy'),
      evaluated: attempt(),
      fetched: await fetch('http://127.0.0.1:9/').then(
        () => 'answered',
        () => 'refused',
      ),
    };
  });
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(evaluated).toBe('EvalError');
  expect(fetched).toBe('refused');
});

test('gives the page no Node and one bridge', async ({ desk }) => {
  const seen = await desk.page.evaluate(() => ({
    require: typeof Reflect.get(window, 'require'),
    process: typeof Reflect.get(window, 'process'),
    bridge: Object.keys(window.desk).toSorted(),
  }));
  expect(seen).toEqual({
    require: 'undefined',
    process: 'undefined',
    bridge: ['call', 'cancel', 'onCommand', 'platform', 'subscribe'],
  });
  const preferences = await desk.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    // Not in Electron's types; it is what the window was made with.
    const read: unknown = window && Reflect.get(window.webContents, 'getLastWebPreferences');
    return typeof read === 'function' ? Reflect.apply(read, window?.webContents, []) : null;
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});

test('neither leaves its page nor opens another window', async ({ desk }) => {
  const navigation = desk.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // The app's own listener runs before this one.
    return new Promise<boolean>((resolve) =>
      window?.webContents.once('will-navigate', (event) => resolve(event.defaultPrevented)),
    );
  });
  const opened = await desk.page.evaluate(() => window.open('https://example.com/'));
  expect(opened).toBeNull();
  await desk.page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  expect(await navigation).toBe(true);
  const urls = await desk.app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getURL()),
  );
  expect(urls).toEqual(['app://desk/']);
});

test('answers a file outside the page with not found', async ({ desk }) => {
  const statuses = await desk.page.evaluate(() =>
    Promise.all(
      [
        'app://desk/../main.js',
        'app://desk/%2e%2e%2fmain.js',
        'app://desk/..%5cmain.js',
        'app://desk/none.js',
      ].map(async (url) => (await fetch(url)).status),
    ),
  );
  expect(statuses).toEqual([404, 404, 404, 404]);
});
