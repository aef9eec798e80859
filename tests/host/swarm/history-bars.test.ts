import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Bar } from '../../../electron/contract/bar.ts';
import { deployableStrategies } from '../../../electron/contract/strategy-input.ts';
import { historyBars, historyWords, warmUpBars } from '../../../electron/host/swarm/history-bars.ts';

const runner = fileURLToPath(new URL('../../../native/desk-runner', import.meta.url));
const symbols = ['AAPL', 'MSFT', 'GOOG', 'AMZN', 'META', 'NVDA', 'TSLA', 'JPM', 'XOM', 'KO', 'PEP', 'WMT'];

const momentum = (slow: number) => ({ strategy: 'momentum', params: { slow } });

test('history is twice the longest that the agents count in bars, 120 to 1,000', () => {
  expect([historyBars([]), historyBars([momentum(26)])]).toEqual([120, 120]);
  expect(historyBars([momentum(26), momentum(150)])).toBe(300);
  expect(historyBars([momentum(400)])).toBe(800);
});

test('a first decision that needs more than 1,000 bars gets them', () => {
  const agent = { strategy: 'time-series-momentum', params: { lookback: 5_000 } };
  expect(historyBars([momentum(26), agent])).toBe(5_001);
  expect(historyBars([{ strategy: 'neural', params: { judged: 3_000 } }])).toBe(3_021);
});

test.each(deployableStrategies)('the defaults of $id ask for all that they count', ({ id, params }) => {
  const longest = params.filter(({ unit }) => unit === 'bars').map((param) => param.default);
  expect(historyBars([{ strategy: id, params: {} }])).toBeGreaterThanOrEqual(Math.max(0, ...longest));
});

/** Whether an agent decides on a live bar after so many bars of history, as the runner says. */
function decidesAfter(strategy: string, followed: readonly string[], history: number): boolean {
  const bar = (symbol: string, minute: number): Bar => {
    const place = symbols.indexOf(symbol) + 1;
    const closeTicks =
      1_000_000 + Math.round(60_000 * Math.sin((minute * place) / 7) + ((minute * 7_919 * place) % 20_011));
    const prices = {
      openTicks: closeTicks,
      highTicks: closeTicks + 500,
      lowTicks: closeTicks - 500,
      closeTicks,
    };
    return { symbol, at: (minute + 30_000_000) * 60_000, ...prices, volume: 1_000 };
  };
  const minutes = Array.from({ length: history }, (_, minute) => minute);
  const agent = { agentId: 'one', strategy, symbols: followed, params: {}, maxPositionMicros: 5_000_000_000 };
  const frames = [
    { kind: 'hello', runnerId: 'slot-1', hostSilenceMs: 60_000, agents: [agent] },
    ...followed.map((symbol) => ({
      kind: 'warmup',
      symbol,
      bars: minutes.map((minute) => bar(symbol, minute)),
    })),
    { kind: 'bars', sentAt: 1, bars: followed.map((symbol) => bar(symbol, history)) },
    { kind: 'stop' },
  ];
  const input = frames.map((frame) => `${JSON.stringify(frame)}\n`).join('');
  const { stdout } = spawnSync(runner, { input, encoding: 'utf8', timeout: 60_000 });
  const actions = stdout
    .split('\n')
    .flatMap((line): string[] => (line.includes('"kind":"decision"') ? [JSON.parse(line).action] : []));
  expect(actions.length, stdout.slice(0, 500)).toBeGreaterThan(0);
  return actions.some((action) => action !== 'warming');
}

test.each(deployableStrategies)(
  '$id first decides on the bar that its warm-up names',
  ({ id, mostSymbols }) => {
    const followed = symbols.slice(0, mostSymbols === 1 ? 1 : Math.min(mostSymbols, symbols.length));
    const needed = warmUpBars({ strategy: id, params: {} });
    expect([decidesAfter(id, followed, needed - 2), decidesAfter(id, followed, needed - 1)]).toEqual([
      false,
      true,
    ]);
  },
);

test('an agent whose market has less history than it needs is not started silently', () => {
  const agent = { strategy: 'time-series-momentum', params: { lookback: 300 }, symbols: ['AAPL', 'MSFT'] };
  const bar = { at: 0, openTicks: 1, highTicks: 1, lowTicks: 1, closeTicks: 1, volume: 1 };
  const bars = (symbol: string, count: number): Bar[] =>
    Array.from({ length: count }, () => ({ symbol, ...bar }));
  expect(historyWords(agent, [...bars('AAPL', 301), ...bars('MSFT', 301)])).toBe('history taken in');
  expect(historyWords(agent, [...bars('AAPL', 301), ...bars('MSFT', 100)])).toBe(
    'the market has 100 of the 301 bars that it needs; it decides after 201 more',
  );
});
