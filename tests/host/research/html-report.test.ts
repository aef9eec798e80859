import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { roundTicks, timeTicks } from '../../../electron/host/research/chart-ticks.ts';
import { exportReport } from '../../../electron/host/research/export-report.ts';
import { htmlReport } from '../../../electron/host/research/html-report.ts';
import { backtest, sweep, walk } from '../../support/sample-backtest.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

test('the page fetches nothing, runs nothing and says that it is simulated', () => {
  const page = htmlReport(backtest);
  expect(page).toContain('BACKTEST, SIMULATED RESULT');
  expect(page).not.toMatch(/<script|<link|<img|url\(|https?:|@import/i);
  expect(page).toContain("default-src 'none'");
});

test('each metric stands beside its definition, and one without a value says why', () => {
  const page = htmlReport(backtest);
  expect(page).toContain(
    '<td>Return</td><td class="n">12.50 %</td><td class="dim">Final equity / cash at the start − 1.</td>',
  );
  expect(page).toContain('Mean over deviation (Sharpe 1994).');
  expect(page).toContain('title="the returns do not vary">not defined');
});

test('a sweep shows its grid, a walk-forward its folds', () => {
  expect(htmlReport(sweep)).toContain('<h2>Sweep: the best of 3 combinations</h2>');
  const page = htmlReport(walk);
  expect(page).toContain('<h2>Walk-forward: 2 folds</h2>');
  expect(page).toContain(
    '<td>2020-01-04 to 2020-01-04</td><td>fast 10, slow 30</td><td class="n">1.5000</td><td class="n">−2.25 %</td>',
  );
  expect(htmlReport(backtest)).not.toMatch(/Sweep:|Walk-forward:/);
});

test('text of any kind stays text', () => {
  const hostile = '<img src=x onerror=alert(1)>"&';
  const [source] = backtest.data;
  if (!source) throw new Error('the sample has data');
  const page = htmlReport({ ...backtest, strategy: hostile, data: [{ ...source, source: hostile }] });
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;');
});

test('one that failed a check says so above its figures, with the bar', () => {
  const checks = [
    { name: 'lookAhead', passed: false, detail: 'it changed', betrayedAt: Date.parse('2020-01-03') },
  ];
  const page = htmlReport({ ...backtest, status: 'failed', checks });
  expect(page.indexOf('FAILED: Look-ahead')).toBeGreaterThan(0);
  expect(page.indexOf('FAILED: Look-ahead')).toBeLessThan(page.indexOf('Final equity'));
  expect(page).toContain('it changed; betrayed by the bar of 2020-01-03 UTC');
});

test('a report without any point of equity is still a page', () => {
  expect(htmlReport({ ...backtest, equity: [], trades: [] })).toContain('No trade was closed.');
});

test('a file that cannot be written leaves nothing beside it', async () => {
  const file = join(temporaryDirectory(), 'missing', 'report.html');
  await expect(exportReport(backtest, 'html', file)).rejects.toMatchObject({ code: 'EXPORT_FAILED' });
  expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  await expect(exportReport(backtest, 'html', 'report.html')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

test('JSON is exported without loss, CSV quotes what needs it and defuses formulas', async () => {
  const folder = temporaryDirectory();
  const [trade] = backtest.trades;
  if (!trade) throw new Error('the sample has a trade');
  const risky = { ...backtest, trades: [{ ...trade, entryReason: '=cmd()', exitReason: 'a "b", c' }] };
  await exportReport(risky, 'json', join(folder, 'a.json'));
  expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toEqual(risky);
  await exportReport(risky, 'csv', join(folder, 'a.csv'));
  const [, row] = readFileSync(join(folder, 'a.csv'), 'utf8').split('\n');
  expect(row).toBe(
    'true,sma-cross-1,AAA,long,100.5,2020-01-03T00:00:00.000Z,99.5,2020-01-05T00:00:00.000Z,111.9375,1250,12.5,10,0,\'=cmd(),"a ""b"", c"',
  );
});

test('axes have round places inside their range', () => {
  expect(roundTicks(9_173, 75_787)).toEqual([20_000, 40_000, 60_000]);
  expect(roundTicks(-47.98, 0)).toEqual([-40, -30, -20, -10, 0]);
  expect(roundTicks(0.1, 0.35)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
  expect(roundTicks(5, 5)).toEqual([5]);
  const words = (from: string, to: string): string[] =>
    timeTicks(Date.parse(from), Date.parse(to)).map(({ text }) => text);
  expect(words('2004-08-19', '2013-03-01')).toEqual(['2006', '2008', '2010', '2012']);
  expect(words('2020-01-15', '2020-06-15')).toEqual(['2020-02', '2020-03', '2020-04', '2020-05', '2020-06']);
  expect(words('2020-01-02', '2020-01-12')).toHaveLength(3);
});
