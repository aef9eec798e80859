import { expect, test } from 'vitest';
import { QueryFlag } from '../../../electron/local/broker/query-flag.ts';

test.each([
  ['true', true],
  ['True', true],
  ['1', true],
  ['false', false],
  ['False', false],
  ['0', false],
  [undefined, false],
])('reads %s', (text, flag) => {
  expect(QueryFlag.parse(text)).toBe(flag);
});

test('refuses anything else', () => {
  expect(QueryFlag.safeParse('yes').success).toBe(false);
});
