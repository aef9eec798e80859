// Which file of the built window an app:// address names; nothing outside the directory can be named.
import { extname, relative, resolve, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface RendererFile {
  readonly path: string;
  readonly contentType: string;
}

/** Returns the file that `address` names inside `directory`, or null when it names none. */
export function rendererFile(directory: string, address: string): RendererFile | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'app:' || url.host !== 'desk') return null;
  const pathname = decode(url.pathname);
  if (pathname === null || pathname.includes('\0') || pathname.includes('\\')) return null;
  const path = resolve(directory, `.${pathname === '/' ? '/index.html' : pathname}`);
  const inside = relative(directory, path);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) return null;
  const contentType = types[extname(path)];
  return contentType === undefined ? null : { path, contentType };
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
