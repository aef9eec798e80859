// Bar data through a real host: import, list, fetch from the demo broker, remove.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const header = 'Date,Open,High,Low,Close,Volume\n';
const sound = `${header}2024-01-02,10,12,9,11,500\n2024-01-03,11,13,10,12,600\n2024-01-04,12,13,11,12,700\n`;

function write(text: string, name = 'prices.csv'): string {
  const file = join(temporaryDirectory(), name);
  writeFileSync(file, text);
  return file;
}

/** Events as the journal keeps them; the host must be closed. */
function journalled(home: string, prefix: string): unknown[] {
  const journal = loadNative().Journal.open(join(home, 'journal.db'));
  try {
    const events = journal.scan(0, 10_000).map(({ payload }): unknown => JSON.parse(payload));
    return events.filter((event) => JSON.stringify(event).includes(`"kind":"${prefix}`));
  } finally {
    journal.close();
  }
}

test('an import is listed, journalled, unique and removable', { timeout: 60_000 }, async () => {
  const home = temporaryDirectory();
  mkdirSync(join(home, 'datasets'));
  writeFileSync(join(home, 'datasets', 'killed.bars.part'), 'half of it');
  const host = await startRunningHost(home);
  expect(readdirSync(join(home, 'datasets'))).not.toContain('killed.bars.part');
  const file = write(sound, 'My Prices.csv');
  const dataset = await host.call('data.import', { file, symbol: 'TEST' });
  expect(dataset).toMatchObject({
    name: 'my-prices',
    symbol: 'TEST',
    origin: 'file',
    simulated: false,
    intervalMs: 86_400_000,
    bars: 3,
    firstAt: Date.UTC(2024, 0, 2),
    lastAt: Date.UTC(2024, 0, 4),
    report: { rows: 3, problems: [] },
  });
  const { datasets } = await host.call('data.list', {});
  expect(datasets.filter(({ origin }) => origin !== 'sample')).toEqual([dataset]);
  await expect(host.call('data.import', { file, symbol: 'TEST' })).rejects.toMatchObject({
    code: 'DATASET_EXISTS',
  });
  await host.call('data.remove', { name: 'my-prices' });
  await expect(host.call('data.remove', { name: 'my-prices' })).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
  });
  await host.close();
  expect(journalled(home, 'Dataset')).toMatchObject([
    { kind: 'DatasetImported', name: 'my-prices', bars: 3, actor: 'cli', barsSha256: dataset.barsSha256 },
    { kind: 'DatasetRemoved', name: 'my-prices' },
  ]);
});

describe('with one host', () => {
  test('the sample is there without an import, and stays', { timeout: 60_000 }, async (context) => {
    const host = await startRunningHost(temporaryDirectory());
    const { datasets } = await host.call('data.list', {});
    const sample = datasets.find(({ origin }) => origin === 'sample');
    if (!sample) return context.skip('the package vega-datasets is missing');
    expect(sample).toMatchObject({ name: 'sp500', symbol: 'SPX', bars: 5_105, simulated: false });
    await expect(host.call('data.remove', { name: 'sp500' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(host.call('data.import', { file: write(sound), name: 'sp500' })).rejects.toMatchObject({
      code: 'DATASET_EXISTS',
    });
  });

  test('a wrong file is refused with line, column, value, rule and remedy', { timeout: 60_000 }, async () => {
    const home = temporaryDirectory();
    const host = await startRunningHost(home);
    const file = write(`${sound}2024-01-05,12,NaN,11,12,700\n2024-01-05,12,13,11,-12,700\n`);
    await expect(host.call('data.import', { file })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: `${file}: line 5: high is "NaN"; it must be a finite number (not-finite, 1 row); line 6: close is "-12"; a price must be above zero, 0.0001 at least (price-not-positive, 1 row). Correct the file, or leave these rows out by allowing not-finite,price-not-positive. Nothing was imported.`,
    });
    const allow = 'not-finite,price-not-positive';
    const allowed = await host.call('data.import', { file, name: 'allowed', allow });
    expect(allowed.bars).toBe(3);
    expect(allowed.report.problems.map(({ kind, dropped }) => [kind, dropped])).toEqual([
      ['not-finite', 1],
      ['price-not-positive', 1],
    ]);
    expect(readdirSync(join(home, 'datasets')).filter((name) => !name.startsWith('built-in'))).toEqual([
      'allowed.bars',
    ]);
    const fine = write(`${sound}2024-01-05,12.00005,13,11,12,700\n2024-01-08,12,13,11.12345,12,700\n`);
    expect((await host.call('data.import', { file: fine, name: 'fine' })).report.problems).toMatchObject([
      {
        kind: 'rounded',
        refused: false,
        count: 2,
        examples: [
          { line: 5, column: 'open', value: '12.00005', rule: 'rounded to 0.0001 USD' },
          { line: 6, column: 'low', value: '11.12345' },
        ],
      },
    ]);
    await host.call('data.remove', { name: 'fine' });
    const cases: readonly [string, string][] = [
      ['', 'DATASET_INVALID'],
      [header, 'DATASET_INVALID'],
      [`${header}2024-01-02,1,1,1,1,1\n`, 'DATASET_INVALID'],
      ['a,b\n1,2\n', 'DATASET_INVALID'],
      [sound.replaceAll('2024-01-0', '2024-01-02 09:3'), 'DATASET_INVALID'],
    ];
    for (const [text, code] of cases)
      await expect(host.call('data.import', { file: write(text), name: 'bad' })).rejects.toMatchObject({
        code,
      });
    await expect(host.call('data.import', { file: '/nowhere/x.csv' })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await expect(host.call('data.import', { file: 'x.csv' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(
      host.call('data.import', { file: write(sound), timeZone: 'Mars/Olympus' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('Mars/Olympus') });
  });

  test('an import that is under way is shown, and can be cancelled', { timeout: 120_000 }, async () => {
    const home = temporaryDirectory();
    const host = await startRunningHost(home);
    const rows = Array.from({ length: 1_500_000 }, (_, index) => `${1_600_000_000 + index * 60},1,1,1,1,1`);
    const file = write(`${header}${rows.join('\n')}\n`);
    const cancel = new AbortController();
    const running = host.callRaw('data.import', { file, name: 'big' }, cancel.signal);
    const ended = running.then(
      () => 'finished',
      (error: unknown) => (error instanceof DeskError ? error.code : error),
    );
    await vi.waitFor(
      async () => {
        const { importing } = await host.call('data.list', {});
        expect(importing).toMatchObject([{ name: 'big', rows: expect.any(Number) }]);
        expect(importing[0]?.rows).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 5 },
    );
    await expect(host.call('data.import', { file: write(sound), name: 'big' })).rejects.toMatchObject({
      code: 'DATASET_EXISTS',
    });
    cancel.abort();
    expect(await ended).toBe('CANCELLED');
    expect(existsSync(join(home, 'datasets', 'big.bars'))).toBe(false);
    expect(readdirSync(join(home, 'datasets')).filter((name) => name.startsWith('big'))).toEqual([]);
  });

  test('bars come from the demo market, marked simulated, and only once', { timeout: 60_000 }, async () => {
    const host = await startRunningHost(temporaryDirectory());
    const ask = { symbols: 'aapl', timeframe: '1Day', start: '2025-12-01' };
    const { datasets } = await host.call('data.fetch', ask);
    expect(datasets).toMatchObject([
      {
        name: 'demo-seed-1-aapl-1day',
        symbol: 'AAPL',
        origin: 'demo',
        simulated: true,
        intervalMs: 86_400_000,
      },
    ]);
    expect(datasets[0]?.fetched).toBe(datasets[0]?.bars);
    const again = await host.call('data.fetch', { ...ask, start: '2025-12-15', end: '2026-01-02' });
    expect(again.datasets).toEqual([{ ...datasets[0], fetched: 0 }]);
    const { datasets: listed } = await host.call('data.list', {});
    expect(listed).toContainEqual(
      expect.objectContaining({ name: 'demo-seed-1-aapl-1day', simulated: true }),
    );
    await expect(host.call('data.fetch', { ...ask, symbols: 'NOPE' })).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
    });
    await expect(host.call('data.fetch', { ...ask, start: '2099-01-01' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
