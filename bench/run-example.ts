// Runs a crate's example in a release build and reads what it reports.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Builds and runs an example of the crate with what it is given; gives its JSON lines. Rejects when cargo or the example fails. */
export async function runExample(
  crate: string,
  example: string,
  ...given: readonly string[]
): Promise<unknown[]> {
  const args = [
    'run',
    '--release',
    '--quiet',
    '--manifest-path',
    'native/Cargo.toml',
    '-p',
    crate,
    '--example',
    example,
    '--',
    ...given,
  ];
  const { stdout } = await promisify(execFile)('cargo', args, { maxBuffer: 1_000_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
