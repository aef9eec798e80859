// The ways in and out of the process, as the operating system sees them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerDialogsWith, dialogMessages } from './native-dialogs.ts';
import { closeDesk, type DeskApp, expect, hostIsUp, launchDesk, test } from './desk-app.ts';

test('says why it cannot start when the data directory cannot be written', async ({ home }) => {
  const file = join(home, 'a-file');
  writeFileSync(file, '');
  const { child, stderr } = startBare(join(file, 'desk'));
  try {
    await expect.poll(stderr).toContain('DATA_DIR_UNWRITABLE: The data directory');
  } finally {
    // It waits for somebody to close its box.
    child.kill('SIGKILL');
  }
});

test('leaves a data directory alone that another host has', async ({ home }) => {
  const daemon = spawn(process.execPath, ['out/daemon.js'], {
    env: { ...process.env, NEURAL_TRADER_HOME: home },
    stdio: 'ignore',
  });
  const ended = once(daemon, 'exit');
  try {
    await expect.poll(() => runCli(home, 'health'), { timeout: 30_000 }).toBe(0);
    const { child, stderr } = startBare(home);
    try {
      await expect.poll(stderr).toContain('HOST_RUNNING');
    } finally {
      child.kill('SIGKILL');
    }
    expect(await runCli(home, 'health')).toBe(0);
  } finally {
    daemon.kill('SIGTERM');
    await ended;
  }
});

test('a second start shows the first window and ends', async ({ desk, home }) => {
  await hostIsUp(desk);
  const { child } = startBare(home);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(desk.app.windows()).toHaveLength(1);
  await hostIsUp(desk);
});

test('ends in order on SIGTERM, and starts again on the same data', async ({ home }) => {
  const first = await launchDesk(home);
  await hostIsUp(first);
  const exited = once(first.main, 'exit');
  first.main.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);

  const second = await launchDesk(home);
  await hostIsUp(second);
  const health = await second.page.evaluate(() => window.desk.call('host.health', {}));
  expect(health).toMatchObject({ ok: true, value: { healthy: true } });
  await closeDesk(second);
});

test('ends when it is asked to through the control socket', async ({ desk, home }) => {
  await hostIsUp(desk);
  const exited = once(desk.main, 'exit');
  expect(await runCli(home, 'down')).toBe(0);
  expect(await exited).toEqual([0, null]);
});

test('closing the window quits when no agent is alive, and asks when one is', async ({ desk }) => {
  await hostIsUp(desk);
  await answerDialogsWith(desk.app, [1]);
  const deployed = await desk.page.evaluate(() =>
    window.desk.call('swarm.deploy', { agent: 'momentum', count: 1, symbols: ['AAPL'] }),
  );
  expect(deployed).toMatchObject({ ok: true });
  await closeWindow(desk);
  await expect.poll(() => dialogMessages(desk.app)).toEqual(['1 agent is alive']);
  await hostIsUp(desk);

  const stopped = await desk.page.evaluate(() => window.desk.call('swarm.stopAll', {}));
  expect(stopped).toMatchObject({ ok: true });
  const exited = once(desk.main, 'exit');
  await closeWindow(desk);
  expect(await exited).toEqual([0, null]);
});

async function closeWindow({ app }: DeskApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => setImmediate(() => BrowserWindow.getAllWindows()[0]?.close()));
}

/** Starts the app without a driver. */
function startBare(home: string): { child: ChildProcess; stderr: () => string } {
  const binary = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '', 'electron');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(binary, [...sandbox, '.'], {
    env: { ...process.env, NEURAL_TRADER_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return { child, stderr: () => text };
}

/** Runs one command of the command line; resolves with its exit code. */
async function runCli(home: string, ...args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, ['out/cli.js', ...args], {
    env: { ...process.env, NEURAL_TRADER_HOME: home },
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  return code;
}
