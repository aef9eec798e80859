import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../electron/host/sandboxes/line-splitter.ts';

test('gives the same lines however the stream is cut', () => {
  const line = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 9 })), (lines, cuts) => {
      const splitter = createLineSplitter(100);
      let text = lines.map((each) => `${each}\n`).join('');
      const out = [];
      for (const cut of [...cuts, text.length]) {
        out.push(...splitter.push(text.slice(0, cut)));
        text = text.slice(cut);
      }
      expect(out).toEqual(lines.map((each) => ({ kind: 'line', text: each })));
    }),
  );
});

test('names a line that is too long once, skips the rest of it and goes on', () => {
  const splitter = createLineSplitter(5);
  expect(splitter.push('123')).toEqual([]);
  expect(splitter.push('456')).toEqual([{ kind: 'too-long', start: '123456' }]);
  expect(splitter.push('789012345')).toEqual([]);
  expect(splitter.push('end\nnext\n')).toEqual([{ kind: 'line', text: 'next' }]);
  expect(splitter.push('1234567\nok\n')).toEqual([
    { kind: 'too-long', start: '1234567' },
    { kind: 'line', text: 'ok' },
  ]);
});

test('does not join what two streams said', () => {
  const splitter = createLineSplitter(5);
  splitter.push('one');
  splitter.reset();
  expect(splitter.push('two\n')).toEqual([{ kind: 'line', text: 'two' }]);
  splitter.push('1234567');
  splitter.reset();
  expect(splitter.push('six\n')).toEqual([{ kind: 'line', text: 'six' }]);
});
