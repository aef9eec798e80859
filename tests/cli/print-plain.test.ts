import pc from 'picocolors';
import { expect, test } from 'vitest';
import { printPlain } from '../../electron/doors/cli/print-plain.ts';

const view = { colors: pc.createColors(false), now: 0, mode: 'demo', spendSimulated: true } as const;

test('prints fields a line each and lists of records as tables', () => {
  const text = printPlain({ size: 3, note: null, members: [{ id: 'a', n: 1 }, { id: 'b' }] }, view);
  expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
    'size  3',
    'note  –',
    '',
    'members',
    'ID  N',
    'a   1',
    'b   –',
  ]);
});

test('says that something was done when there is nothing to tell', () => {
  expect(printPlain({}, view)).toBe('Done.');
});
