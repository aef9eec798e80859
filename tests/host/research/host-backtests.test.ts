// Backtests inside a running host: journalled, followed as they go on, cancelled by who asked.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadNative } from '../../../electron/native/load.ts';
import { startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { waveCsv } from '../../support/wave-csv.ts';

function finishedBacktests(home: string): unknown[] {
  const journal = loadNative().Journal.open(join(home, 'journal.db'));
  try {
    const events = journal.scan(0, 10_000).map(({ payload }): unknown => JSON.parse(payload));
    return events.filter((event) => JSON.stringify(event).includes('"kind":"BacktestFinished"'));
  } finally {
    journal.close();
  }
}

test('what is kept is journalled with the trials behind it; what is cancelled is neither', async () => {
  const home = temporaryDirectory();
  const host = await startRunningHost(home);
  const file = join(temporaryDirectory(), 'WAVE.csv');
  writeFileSync(file, waveCsv(900));
  const cross = { strategy: 'sma-cross', data: file } as const;
  const one = await host.call('backtest.run', cross);
  const swept = await host.call('backtest.sweep', { ...cross, grid: 'fast=5:10:1,slow=20|30' });
  const walk = { trainBars: 300, testBars: 150 };
  const walked = await host.call('backtest.sweep', { ...cross, grid: 'fast=5:10:5,slow=20', ...walk });
  const stop = new AbortController();
  const cancelled = host.callRaw('backtest.run', cross, stop.signal);
  stop.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  const { backtests } = await host.call('backtest.list', {});
  expect(backtests.map(({ id }) => id).sort()).toEqual([one.id, swept.id, walked.id].sort());
  await host.close();
  expect(finishedBacktests(home)).toMatchObject([
    { backtestId: one.id, strategy: 'sma-cross', status: 'passed', hash: one.hash, trials: 1 },
    { backtestId: swept.id, hash: swept.hash, trials: 12 },
    { backtestId: walked.id, hash: walked.hash, status: 'passed', trials: 8 },
  ]);
  const scratch = join(home, 'scratch');
  // The copy of the file may stay.
  expect(readdirSync(scratch).filter((name) => name !== 'imports')).toEqual([]);
});
