import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { LocalServicesConfig, LocalServicesReady } from '../../electron/contract/local-services.ts';
import { DeskError } from '../../electron/contract/errors.ts';
import { createCliHarness, memorySink } from '../support/cli-harness.ts';

const ready: LocalServicesReady = {
  sandboxUrl: 'http://127.0.0.1:4001',
  e2bApiKey: 'e2b_key',
  brokerUrl: 'http://127.0.0.1:4002',
  dataStreamUrl: 'ws://127.0.0.1:4002/v2/iex',
  tradingStreamUrl: 'ws://127.0.0.1:4002/stream',
  keyId: 'DEMO1',
  secret: 'secret',
  isolation: 'isolated',
  isolationDetail: 'bubblewrap, cgroup v2 limits on memory and processor time',
  market: {
    source: 'simulator',
    label: 'Simulated market',
    symbols: ['AAPL'],
    timeframe: '1Min',
    barMs: 1_000,
  },
};

async function runLocal(...argv: string[]): Promise<{
  code: number;
  stdout: string;
  config: LocalServicesConfig | undefined;
  closed: number;
  home: string;
}> {
  const cli = await createCliHarness(null);
  const stdout = memorySink(false);
  const interrupt = new AbortController();
  const started: LocalServicesConfig[] = [];
  const close = vi.fn(() => Promise.resolve());
  const run = cli.runWith(
    {
      stdout,
      cwd: '/srv/data',
      interrupt: interrupt.signal,
      startLocalServices: (config) => {
        started.push(config);
        return Promise.resolve({ ready, close });
      },
    },
    'local',
    ...argv,
  );
  await vi.waitFor(() => expect(stdout.text()).toContain('\n'));
  expect(close).not.toHaveBeenCalled();
  interrupt.abort();
  const { code } = await run;
  return { code, stdout: stdout.text(), config: started[0], closed: close.mock.calls.length, home: cli.home };
}

describe('local', () => {
  test('prints where the services are as exactly one JSON line, and ends them when interrupted', async () => {
    const { code, stdout, closed, config, home } = await runLocal();
    expect([code, closed]).toEqual([0, 1]);
    expect(stdout).toBe(`${JSON.stringify(ready)}\n`);
    expect(config).toMatchObject({
      dataDir: join(home, 'local'),
      market: { source: 'simulator', seed: 1, speed: 60 },
      isolation: 'auto',
      extendedHours: true,
    });
  });

  test('rehearses a plan: its limits, the size of its sandboxes, and none isolated', async () => {
    const words =
      '--limit 20 --creates-per-second 1 --max-session 3600 --cpu 1 --memory 256 --disk 100 --isolation off --internet as-asked';
    const { config } = await runLocal(...words.split(' '));
    expect(config).toMatchObject({
      isolation: 'off',
      sandboxes: {
        limit: 20,
        createsPerSecond: 1,
        internet: 'as-asked',
        maxSessionS: 3_600,
        size: { cpuCount: 1, memoryMb: 256, diskMb: 100 },
      },
    });
  });

  test.each([
    ['--market replay --speed 60 --seed 1', '--speed, --seed are for the simulator'],
    ['--file sp500', '--file is for the replay'],
    ['--bars-per-second 5', '--bars-per-second is for the replay'],
  ])('refuses %s, which belongs to the other market', async (words, complaint) => {
    const cli = await createCliHarness(null);
    const startLocalServices = vi.fn(() => Promise.reject(new Error('not to be started')));
    const { code, stdout } = await cli.runWith(
      { startLocalServices },
      'local',
      ...words.split(' '),
      '--json',
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(complaint),
    });
    expect(startLocalServices).not.toHaveBeenCalled();
  });

  test('wraps the line as every other answer with --json', async () => {
    const { stdout } = await runLocal('--json');
    expect(stdout).toBe(`${JSON.stringify({ ok: true, value: ready })}\n`);
  });

  test('takes the market and the directory from its options', async () => {
    const replay = await runLocal(
      '--market',
      'replay',
      '--file',
      'goog.csv',
      '--symbol',
      'GOOG',
      '--bars-per-second',
      '50',
      '--data-dir',
      'demo',
    );
    expect(replay.config).toMatchObject({
      dataDir: '/srv/data/demo',
      market: { source: 'replay', file: '/srv/data/goog.csv', symbol: 'GOOG', barsPerSecond: 50 },
    });
    const simulator = await runLocal('--seed', '7', '--speed', '600');
    expect(simulator.config?.market).toEqual({ source: 'simulator', seed: 7, speed: 600 });
  });

  test('passes on why the services cannot start', async () => {
    const cli = await createCliHarness(null);
    const startLocalServices = (): Promise<never> =>
      Promise.reject(new DeskError('MARKET_FILE_INVALID', 'line 3: no date'));
    const run = await cli.runWith({ startLocalServices }, 'local', '--market', 'replay', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual({
      ok: false,
      error: { code: 'MARKET_FILE_INVALID', message: 'line 3: no date' },
    });
  });
});
