import { expect, test } from 'vitest';
import { DeskError } from '../../electron/contract/errors.ts';
import { fromNativeError } from '../../electron/native/native-error.ts';

function coded(code: unknown): Error {
  return Object.assign(new Error('what happened'), { code });
}

test('an addon error with one of the desk’s codes becomes a DeskError with its cause', () => {
  const cause = coded('JOURNAL_FAILED');
  const error = fromNativeError(cause);
  expect(error).toBeInstanceOf(DeskError);
  expect(error).toMatchObject({ code: 'JOURNAL_FAILED', message: 'what happened', cause });
});

test.each([['ENOENT'], ['InvalidArg'], [undefined], [5], ['toString']])(
  'an error with the code %s stays what it is',
  (code) => {
    const error = coded(code);
    expect(fromNativeError(error)).toBe(error);
  },
);

test('what is not an error, or already a DeskError, stays what it is', () => {
  const ours = new DeskError('TIMED_OUT', 'late');
  expect([fromNativeError('text'), fromNativeError(null), fromNativeError(ours)]).toEqual([
    'text',
    null,
    ours,
  ]);
  expect(fromNativeError(ours)).toBe(ours);
});
