import { describe, expect, test } from 'vitest';
import { strategyCatalogue } from '../../electron/contract/strategy-catalogue.ts';
import {
  deployableStrategies,
  findStrategy,
  paramsInForce,
  StrategyName,
  StrategyParams,
} from '../../electron/contract/strategy-input.ts';
import { deploySwarm } from '../../electron/contract/deploy.ts';

function refusals(input: unknown): string[] {
  const parsed = deploySwarm.input.safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a strategy', () => {
  test.each(deployableStrategies.map(({ id }) => id))(
    '%s is understood in capitals and with underscores',
    (id) => {
      expect(StrategyName.parse(id.toUpperCase().replaceAll('-', '_'))).toBe(id);
    },
  );

  test('that only checks the backtester is not deployed', () => {
    for (const { id } of strategyCatalogue.filter(({ deployable }) => !deployable))
      expect(StrategyName.safeParse(id).success).toBe(false);
  });

  test.each([undefined, null, 3, {}])('%s is refused, not a bug', (given) => {
    expect(deploySwarm.input.safeParse({ agent: given }).success).toBe(false);
  });
});

describe('parameters', () => {
  test('are read from text as from a record', () => {
    expect(StrategyParams.parse('fast=5, stopAtr=.5,slow=2e1')).toEqual({ fast: 5, stopAtr: 0.5, slow: 20 });
    expect(StrategyParams.parse({ fast: 5 })).toEqual({ fast: 5 });
    expect(StrategyParams.parse('')).toEqual({});
  });

  test.each([
    ['fast', 'params: write each parameter as name=value'],
    ['=3', 'params: write each parameter as name=value'],
    ['fast=1=2', 'params: write each parameter as name=value'],
    ['fast=', 'params.fast: must be a number, not ""'],
    ['fast=twelve', 'params.fast: must be a number, not "twelve"'],
    ['fast=Infinity', 'params.fast: must be a number, not "Infinity"'],
    ['fast=5,fast=6', 'params.fast: was given twice; give it once'],
    [{ fast: Number.NaN }, 'params.fast: must be a number'],
    [{ fast: '5' }, 'params.fast: must be a number'],
    ['fast=201', 'params.fast: must be a whole number from 2 to 200 bars, not 201'],
    ['fast=2.5', 'params.fast: must be a whole number from 2 to 200 bars, not 2.5'],
    ['stopAtr=.25', 'params.stopAtr: must be a number from 0.5 to 20 ATR, not 0.25'],
    ['fats=5', 'params.fats: momentum has no such parameter; did you mean fast?'],
    [
      'leverage=5',
      'params.leverage: momentum has no such parameter; it has fast, slow, roc, adxPeriod, adxFloor, atrPeriod, stopAtr',
    ],
    [{ constructor: 1 }, /^params.constructor: momentum has no such parameter/],
  ])('%j are refused: %s', (params, refusal) => {
    expect(refusals({ agent: 'momentum', params })).toEqual([
      typeof refusal === 'string' ? refusal : expect.stringMatching(refusal),
    ]);
  });

  test.each(deployableStrategies)(
    'of $id are allowed at both ends of their ranges and not beyond',
    (strategy) => {
      const symbols = Array.from({ length: strategy.fewestSymbols }, (_, index) => `S${index}`);
      for (const { name, min, max } of strategy.params) {
        const at = (value: number) => refusals({ agent: strategy.id, symbols, params: { [name]: value } });
        expect([at(min), at(max)]).toEqual([[], []]);
        expect([at(min - 1).length, at(max + 1).length]).toEqual([1, 1]);
      }
    },
  );

  test('left out are in force with their defaults, in the order of the catalogue', () => {
    const inForce = paramsInForce('momentum', { slow: 40 });
    expect(Object.keys(inForce)).toEqual(findStrategy('momentum')?.params.map(({ name }) => name));
    expect(inForce).toMatchObject({ fast: 12, slow: 40, stopAtr: 3 });
  });
});

describe('symbols', () => {
  test('are as many as the strategy takes', () => {
    for (const { id, fewestSymbols, mostSymbols } of deployableStrategies) {
      for (const [count, refused] of [
        [fewestSymbols - 1, true],
        [fewestSymbols, false],
        [mostSymbols, false],
        [mostSymbols + 1, true],
      ] as const) {
        const symbols = Array.from({ length: count }, (_, index) => `S${index}`);
        expect(refusals({ agent: id, symbols }).length > 0, `${id} on ${count}`).toBe(refused);
      }
    }
  });

  test('are each named once', () => {
    expect(refusals({ agent: 'momentum', symbols: 'AAPL,MSFT,AAPL' })).toEqual([
      'symbols.2: name each symbol once',
    ]);
  });
});
