import { expect, test } from 'vitest';
import { sandboxPath } from '../../../electron/host/sandboxes/sandbox-path.ts';

test.each([
  ['.', '/home/user'],
  ['~', '/home/user'],
  ['~/a/b.txt', '/home/user/a/b.txt'],
  ['a/../b', '/home/user/b'],
  ['/tmp/x', '/tmp/x'],
  ['/home/user/deep/../x', '/home/user/x'],
])('%s is %s', (path, absolute) => {
  expect(sandboxPath(path)).toBe(absolute);
});

test.each(['..', '../other', '/etc/passwd', '/home/user/../../etc', '/home/user2', '/tmpfile', 'a\0b', '/'])(
  '%j is refused with the rule',
  (path) => {
    expect(() => sandboxPath(path)).toThrow(
      expect.objectContaining({
        code: 'PATH_NOT_ALLOWED',
        message: expect.stringContaining('/home/user and /tmp'),
      }),
    );
  },
);
