import { expect, test } from 'vitest';
import { deployableStrategies } from '../../../electron/contract/strategy-input.ts';
import { historyBars } from '../../../electron/host/swarm/history-bars.ts';

test('history is twice the longest that the agents count in bars, 120 to 1,000', () => {
  const agent = (slow: number) => ({ strategy: 'momentum', params: { slow } });
  expect([historyBars([]), historyBars([agent(26)])]).toEqual([120, 120]);
  expect(historyBars([agent(26), agent(150)])).toBe(300);
  expect(historyBars([agent(400)])).toBe(800);
  expect(historyBars([agent(700)])).toBe(1_000);
});

test.each(deployableStrategies)('the defaults of $id ask for all that they count', ({ id, params }) => {
  const longest = params.filter(({ unit }) => unit === 'bars').map((param) => param.default);
  expect(historyBars([{ strategy: id, params: {} }])).toBeGreaterThanOrEqual(Math.max(0, ...longest));
});
