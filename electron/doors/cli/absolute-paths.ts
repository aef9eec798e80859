// The host has another working directory, so names of files leave the command line absolute.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RawInput } from './command.ts';

/** Makes the files named in `data` and `file` absolute; the name of a dataset stays as it is. */
export function absolutePaths(raw: RawInput, cwd: string): RawInput {
  const { data, file } = raw;
  return {
    ...raw,
    ...(typeof data === 'string' ? { data: absoluteData(data, cwd) } : {}),
    ...(typeof file === 'string' && file !== '' ? { file: resolve(cwd, file) } : {}),
  };
}

function absoluteData(data: string, cwd: string): string {
  const parts = data.split(',').map((part) => {
    const [, symbol = '', path = ''] = /^([^=/\\]+=)?(.*)$/s.exec(part.trim()) ?? [];
    const isFile = /[/\\]|\.(csv|parquet)$/i.test(path) || existsSync(resolve(cwd, path));
    return isFile && path !== '' && path !== 'sp500' ? `${symbol}${resolve(cwd, path)}` : part.trim();
  });
  return parts.join(',');
}
