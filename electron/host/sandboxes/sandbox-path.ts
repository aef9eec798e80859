// Which paths of a sandbox the operator reaches through the desk: the home directory and /tmp.
import { posix } from 'node:path';
import { DeskError } from '../../contract/errors.ts';

const home = '/home/user';
const roots = [home, '/tmp'];

/** Makes the path absolute. Throws PATH_NOT_ALLOWED for what lies elsewhere or holds a control character. */
export function sandboxPath(path: string): string {
  const below = path === '~' ? '.' : path.startsWith('~/') ? path.slice(2) : path;
  const absolute = posix.resolve(home, below);
  const inside = roots.some((root) => absolute === root || absolute.startsWith(`${root}/`));
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (inside && !/[\u0000-\u001f]/.test(path)) return absolute;
  throw new DeskError(
    'PATH_NOT_ALLOWED',
    `"${path}" lies outside ${home} and /tmp. Give a path below one of them; exec reaches the rest.`,
    { path },
  );
}
