import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CliIo } from '../../electron/doors/cli/cli-io.ts';
import { isProcessAlive } from '../../electron/doors/cli/process-alive.ts';
import { type CliHarness, createCliHarness, memorySink } from '../support/cli-harness.ts';
import { answering, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

const daemonPath = fileURLToPath(new URL('../support/scripted-daemon.mjs', import.meta.url));

function scripted(cli: CliHarness, script: string): Pick<CliIo, 'daemonPath' | 'env'> {
  return { daemonPath, env: { ...process.env, NEURAL_TRADER_HOME: cli.home, SCRIPT: script } };
}

function daemonPid(cli: CliHarness): number {
  return Number(readFileSync(join(cli.home, 'pid'), 'utf8'));
}

async function start(cli: CliHarness): Promise<number> {
  const run = await cli.runWith(scripted(cli, 'obey'), 'up', '--json');
  const { value } = JSON.parse(run.stdout) as { value: { pid: number } };
  onTestFinished(() => {
    if (isProcessAlive(value.pid)) process.kill(value.pid, 'SIGKILL');
  });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return value.pid;
}

test('up starts a host that outlives it and names its process; down ends it and waits until it is gone', async () => {
  const cli = await createCliHarness(null);
  const pid = await start(cli);
  expect(isProcessAlive(pid)).toBe(true);

  const down = await cli.run('down', '--json');
  expect(down).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(down.stdout)).toEqual({ ok: true, value: { pid } });
  expect(isProcessAlive(pid)).toBe(false);
  expect(await cli.run('down')).toMatchObject({ code: 3 });
});

test('up tells people the mode, the process, the data and the log', async () => {
  const cli = await createCliHarness(null);
  const run = await cli.runWith(scripted(cli, 'obey'), 'up');
  const pid = Number(/pid (\d+)/.exec(run.stdout)?.[1]);
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  expect(run.stdout).toBe(
    `DEMO  simulated market, no real money\nThe host is up (pid ${pid}). Its data is in ${cli.home}, its log in ${cli.home}/host.log\n`,
  );
});

test("a second up is refused with the first one's process", async () => {
  const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
  const run = await cli.runWith(scripted(cli, 'obey'), 'up', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toEqual({
    ok: false,
    error: {
      code: 'HOST_RUNNING',
      message: 'A host runs already (pid 4242). Use it, or end it with: neural-trader down',
      detail: { pid: 4242 },
    },
  });
});

test('up passes on why the host refused to start', async () => {
  const cli = await createCliHarness(null);
  const run = await cli.runWith(scripted(cli, 'refuse'), 'up', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toEqual({
    ok: false,
    error: { code: 'MARKET_FILE_INVALID', message: 'line 7: the high is below the low' },
  });
});

test('up shows the error of a host that crashed, and keeps the rest in the log', async () => {
  const cli = await createCliHarness(null);
  const run = await cli.runWith(scripted(cli, 'crash'), 'up', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    ok: false,
    error: { code: 'INTERNAL', message: expect.stringContaining('TypeError: nobody foresaw this') },
  });
  expect(readFileSync(join(cli.home, 'host.log'), 'utf8')).toContain('scripted-daemon.mjs');
});

test('up does not mistake an old failure in the log for its own', async () => {
  const cli = await createCliHarness(null);
  await cli.runWith(scripted(cli, 'refuse'), 'up', '--json');
  const run = await cli.runWith(scripted(cli, 'crash'), 'up', '--json');
  expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'INTERNAL' } });
});

test('up is refused when the data directory cannot be made', async () => {
  const cli = await createCliHarness(null);
  const file = `${cli.home}-file`;
  writeFileSync(file, '');
  const env = { ...process.env, NEURAL_TRADER_HOME: join(file, 'below') };
  const run = await cli.runWith({ daemonPath, env }, 'up', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    error: { code: 'DATA_DIR_UNWRITABLE', message: expect.stringContaining(join(file, 'below')) },
  });
});

test('up --foreground stays until it is interrupted, and ends the host in order', async () => {
  const cli = await createCliHarness(null);
  const stdout = memorySink(false);
  const interrupt = new AbortController();
  const run = cli.runWith(
    { ...scripted(cli, 'obey'), stdout, interrupt: interrupt.signal },
    'up',
    '--foreground',
    '--json',
  );
  await vi.waitFor(() => expect(stdout.text()).toContain('"ok":true'), { timeout: 10_000 });
  const { value } = JSON.parse(stdout.text()) as { value: { pid: number } };
  expect(isProcessAlive(value.pid)).toBe(true);
  interrupt.abort();
  expect(await run).toMatchObject({ code: 0, stderr: '' });
  expect(isProcessAlive(value.pid)).toBe(false);
  expect(readFileSync(join(cli.home, 'host.log'), 'utf8')).toContain('ending in order');
});

test('up --foreground tells of a host that died later, and still prints one document', async () => {
  const cli = await createCliHarness(null);
  const stdout = memorySink(false);
  const run = cli.runWith({ ...scripted(cli, 'obey'), stdout }, 'up', '--foreground', '--json');
  await vi.waitFor(() => expect(stdout.text()).toContain('"ok":true'), { timeout: 10_000 });
  process.kill(daemonPid(cli), 'SIGKILL');
  expect(await run).toMatchObject({ code: 1, stderr: expect.stringContaining('signal SIGKILL') });
  expect(stdout.text().trimEnd().split('\n')).toHaveLength(1);
});

test('an interrupted up leaves no host behind', async () => {
  const cli = await createCliHarness(null);
  const interrupt = new AbortController();
  const run = cli.runWith({ ...scripted(cli, 'mute'), interrupt: interrupt.signal }, 'up', '--json');
  await vi.waitFor(() => expect(daemonPid(cli)).toBeGreaterThan(0), { timeout: 10_000 });
  const pid = daemonPid(cli);
  interrupt.abort();
  const { code, stdout } = await run;
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'CANCELLED' } }]);
  await vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false));
});
