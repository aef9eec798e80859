import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rendererFile } from '../../electron/shell/renderer-file.ts';

const directory = join('/', 'opt', 'desk', 'renderer');

describe('the app scheme', () => {
  test('serves the page at its root', () => {
    expect(rendererFile(directory, 'app://desk/')).toEqual({
      path: join(directory, 'index.html'),
      contentType: 'text/html; charset=utf-8',
    });
  });

  test('serves an asset with its type', () => {
    expect(rendererFile(directory, 'app://desk/assets/a%20b.js?v=1#top')).toEqual({
      path: join(directory, 'assets', 'a b.js'),
      contentType: 'text/javascript; charset=utf-8',
    });
  });

  test.each([
    ['a parent, encoded', 'app://desk/%2e%2e%2fmain.js'],
    ['a parent inside a path', 'app://desk/assets/..%2f..%2fmain.js'],
    ['a sibling whose name starts alike', 'app://desk/..%2frenderer-old/index.html'],
    ['a backslash', 'app://desk/..%5cmain.js'],
    ['a null byte', 'app://desk/index.html%00.js'],
    ['a broken escape', 'app://desk/%E0%A4%A.js'],
    ['another host', 'app://other/index.html'],
    ['another scheme', 'file:///etc/passwd.html'],
    ['a directory', 'app://desk/assets'],
    ['a type that no page needs', 'app://desk/main.node'],
    ['no address at all', 'index.html'],
  ])('refuses %s', (_what, address) => {
    expect(rendererFile(directory, address)).toBeNull();
  });

  test('never names a file outside its directory, whatever the address', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2F',
        '%5C',
        '/',
        '//',
        'assets',
        'index.html',
        'x.js',
        '%00',
        'C:',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const file = rendererFile(directory, `app://desk/${parts.join('')}.js`);
        expect(file === null || file.path.startsWith(`${directory}/`)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
