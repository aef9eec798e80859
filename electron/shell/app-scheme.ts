// The window's own scheme: app://desk/ serves the built page, with a content policy that lets nothing else in.
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { rendererFile } from './renderer-file.ts';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Declares the scheme; must run before Electron is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the files of `directory`, an absolute path. */
export function serveAppScheme(directory: string): void {
  protocol.handle('app', async (request) => {
    const file = request.method === 'GET' ? rendererFile(directory, request.url) : null;
    if (file === null) return new Response('Not found', { status: 404 });
    try {
      const headers = {
        'content-type': file.contentType,
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      };
      return new Response(new Uint8Array(await readFile(file.path)), { headers });
    } catch {
      // Missing or unreadable are the same to a page.
      return new Response('Not found', { status: 404 });
    }
  });
}
