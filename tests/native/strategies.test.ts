import { expect, test } from 'vitest';
import { strategyCatalogue } from '../../electron/contract/strategy-catalogue.ts';
import { paramsInForce } from '../../electron/contract/strategy-input.ts';
import { loadNative } from '../../electron/native/load.ts';

test('the catalogue that forms and flags are made of is what the native strategies say of themselves', () => {
  expect(strategyCatalogue).toEqual(loadNative().strategies());
});

const native = loadNative();
const position = 5_000_000_000;

test.each(strategyCatalogue)(
  '$id can be built with its defaults on as few and as many symbols as it says',
  (strategy) => {
    const { id, fewestSymbols, mostSymbols } = strategy;
    const check = (symbols: number) => native.checkStrategy(id, symbols, paramsInForce(id, {}), position);
    expect([check(fewestSymbols), check(mostSymbols)]).toEqual([null, null]);
    expect(check(mostSymbols + 1)).toMatchObject({ code: 'INVALID_INPUT' });
  },
);

test('what cannot be built is refused in the words of the native code, at the parameter to change', () => {
  expect(native.checkStrategy('momentum', 1, { fast: 30 }, position)).toEqual({
    code: 'INVALID_INPUT',
    message: 'slow is 26 and fast is 30; slow must be more than fast',
    param: 'slow',
  });
  expect(native.checkStrategy('mean-reversion', 1, { exitZ: 5 }, position)).toMatchObject({
    code: 'INVALID_INPUT',
    param: 'exitZ',
  });
  expect(native.checkStrategy('momentum', 1, { fats: 30 }, position)).toMatchObject({ param: 'fats' });
  expect(native.checkStrategy('momentun', 1, {}, position)).toMatchObject({
    code: 'UNKNOWN_STRATEGY',
    message: 'there is no strategy "momentun"; did you mean "momentum"?',
  });
  expect(() => native.checkStrategy('momentum', 1, {}, 0.5)).toThrow('safe whole number');
});
