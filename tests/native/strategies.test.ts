import { expect, test } from 'vitest';
import { strategyCatalogue } from '../../electron/contract/strategy-catalogue.ts';
import { loadNative } from '../../electron/native/load.ts';

test('the catalogue that forms and flags are made of is what the native strategies say of themselves', () => {
  expect(strategyCatalogue).toEqual(loadNative().strategies());
});
