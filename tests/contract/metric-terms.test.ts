import { expect, test } from 'vitest';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { metricTerm, inTerms } from '../../electron/contract/metric-terms.ts';

test.each([
  [51_422.99, 'usd', '$51,422.99'],
  [-1_250.5, 'usd', '−$1,250.50'],
  [-47.98, '%', '−47.98 %'],
  [-0.001, '%', '0.00 %'],
  [-0.064_66, 'ratio', '−0.0647'],
  [5.888, 'a year', '5.89 a year'],
  [2_513, 'bars', '2,513 bars'],
  [584 * 86_400_000, 'ms', '584.0 days'],
  [66, 'count', '66'],
])('%d %s reads as %s', (value, unit, words) => {
  expect(formatMetric(value, unit)).toBe(words);
});

test('a value that is not defined says so', () => {
  expect(formatMetric(null, 'usd')).toBe('not defined');
});

test('a definition speaks in terms and with the signs of arithmetic', () => {
  expect(inTerms('finalEquity / initialCash - 1.')).toBe('Final equity / cash at the start − 1.');
  expect(inTerms('returnPct - beta x buyAndHoldReturnPct (risk-free rate 0).')).toBe(
    'Return − beta × return of buy and hold (risk-free rate 0).',
  );
  expect(inTerms('probabilisticSharpe against x')).toBe('Probabilistic Sharpe ratio against x');
});

test('a name that nobody gave a term stands for itself', () => {
  expect(metricTerm('luck')).toBe('luck');
});
