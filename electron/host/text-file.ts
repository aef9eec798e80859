// Small files of the data directory that are read and replaced whole. Others on the machine cannot read them.
import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Returns the file's text, or null when there is none. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces the file in one step: after a crash it holds the old text or the new one, on disk. */
export function replaceText(file: string, text: string): void {
  const next = `${file}.new`;
  const opened = openSync(next, 'w', 0o600);
  try {
    // One that a crash left behind keeps its mode, and the text may be a key.
    fchmodSync(opened, 0o600);
    writeFileSync(opened, text);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(next, file);
}
