// Simulated bar data through a real host.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

test('bars are made, listed as simulated, and the same again from the same seed', {
  timeout: 90_000,
}, async () => {
  const home = temporaryDirectory();
  const host = await startRunningHost(home);
  const ask = { symbols: 'SPY,KO', seed: 7, days: 60 };
  const made = await host.call('market.simulate', ask);
  expect(made.datasets).toMatchObject([
    {
      name: 'simulated-7-spy-1day',
      symbol: 'SPY',
      origin: 'simulator',
      simulated: true,
      intervalMs: 86_400_000,
      bars: 60,
      // Midnight of the first day in New York.
      firstAt: Date.UTC(2026, 0, 5, 5),
      timeZone: 'America/New_York',
      report: { rows: 60 },
    },
    { name: 'simulated-7-ko-1day', symbol: 'KO', origin: 'simulator', bars: 60 },
  ]);
  expect(made.calibration.simulated).toMatchObject([
    { symbol: 'SPY', fitted: true, days: 60 },
    { symbol: 'KO', fitted: false, days: 60 },
  ]);
  for (const { figures } of made.calibration.simulated)
    expect(figures.map(({ value }) => value)).not.toContain(null);
  const { datasets } = await host.call('data.list', {});
  expect(datasets).toEqual(expect.arrayContaining(made.datasets));
  expect(await host.call('market.simulate', ask)).toEqual(made);
  const other = await host.call('market.simulate', { ...ask, seed: 8, name: 'other' });
  expect(other.datasets.map(({ name }) => name)).toEqual(['other-spy', 'other-ko']);
  expect(other.datasets[0]?.barsSha256).not.toBe(made.datasets[0]?.barsSha256);
  const columns = await loadNative().readBars(
    join(home, 'datasets', 'simulated-7-ko-1day.bars'),
    0,
    Number.MAX_SAFE_INTEGER,
    100,
  );
  expect(columns.atMs).toHaveLength(60);
});

test('minutes count exactly, and may take the name as it is', { timeout: 90_000 }, async () => {
  const host = await startRunningHost(temporaryDirectory());
  const ask = {
    symbols: 'MSFT',
    timeframe: '1Min',
    bars: 500,
    start: '2027-03-01',
    name: 'minutes',
  } as const;
  const { datasets } = await host.call('market.simulate', ask);
  expect(datasets).toMatchObject([
    { name: 'minutes', bars: 500, intervalMs: 60_000, firstAt: Date.UTC(2027, 2, 1, 14, 30) },
  ]);
});

test('what cannot be made is named, and what is no simulation is not replaced', {
  timeout: 90_000,
}, async () => {
  const home = temporaryDirectory();
  const host = await startRunningHost(home);
  await expect(host.call('market.simulate', { symbols: 'GOOG' })).rejects.toMatchObject({
    code: 'UNKNOWN_SYMBOL',
    message: expect.stringContaining('GOOGL'),
  });
  await expect(host.call('market.simulate', { symbols: 'KO,KO' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('once'),
  });
  await expect(
    host.call('market.simulate', { days: 12_600, timeframe: '1Min', symbols: 'KO,PEP,SPY' }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('14742000 bars') });
  await expect(host.call('market.simulate', { start: '1999-01-04' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('2007'),
  });
  await expect(host.call('market.simulate', { name: 'sp500' })).rejects.toMatchObject({
    code: 'DATASET_EXISTS',
  });
  expect(readdirSync(join(home, 'datasets')).filter((name) => name !== 'built-in')).toEqual([]);
  await host.call('data.fetch', { symbols: 'KO', start: '2025-12-01' });
  await expect(
    host.call('market.simulate', { symbols: 'KO', name: 'demo-seed-1-ko-1day' }),
  ).rejects.toMatchObject({ code: 'DATASET_EXISTS' });
});

test('a simulation that is under way is shown, holds its names, and can be cancelled', {
  timeout: 120_000,
}, async () => {
  const home = temporaryDirectory();
  const host = await startRunningHost(home);
  const cancel = new AbortController();
  const ask = { symbols: 'AAPL,MSFT', timeframe: '1Min', days: 10_000 };
  const ended = host.callRaw('market.simulate', ask, cancel.signal).then(
    () => 'finished',
    (error: unknown) => (error instanceof DeskError ? error.code : error),
  );
  await vi.waitFor(
    async () => {
      const { simulating } = await host.call('data.list', {});
      expect(simulating).toMatchObject([
        { names: ['simulated-1-aapl-1min', 'simulated-1-msft-1min'], totalBars: 7_800_000 },
      ]);
      expect(simulating[0]?.bars).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 20 },
  );
  await expect(host.callRaw('market.simulate', { ...ask, symbols: 'MSFT' })).rejects.toMatchObject({
    code: 'DATASET_EXISTS',
    message: expect.stringContaining('being written'),
  });
  cancel.abort();
  expect(await ended).toBe('CANCELLED');
  expect(readdirSync(join(home, 'datasets')).filter((name) => name.startsWith('simulated'))).toEqual([]);
  expect(existsSync(join(home, 'datasets', 'simulated-1-aapl-1min.bars'))).toBe(false);
});
