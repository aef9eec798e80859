// The operator's settings, kept as JSON in the data directory. A file that cannot be used is refused, never silently replaced.
import { join } from 'node:path';
import { DeskError } from '../contract/errors.ts';
import { Settings } from '../contract/market.ts';
import { readText, replaceText } from './text-file.ts';

export interface SettingsFile {
  read(): Settings;
  /** Replaces the given fields and returns the whole. Rejects what the schema refuses. */
  change(fields: Partial<Settings>): Settings;
}

/** Opens `settings.json` in the data directory. Throws SETTINGS_INVALID naming the field. */
export function openSettings(dataDir: string): SettingsFile {
  const path = join(dataDir, 'settings.json');
  let current = parse(readJson(path), path);
  return {
    read: () => current,
    change(fields) {
      const next = parse({ ...current, ...fields }, path);
      replaceText(path, `${JSON.stringify(next, null, 2)}\n`);
      current = next;
      return next;
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path) ?? '{}');
  } catch (cause) {
    throw new DeskError(
      'SETTINGS_INVALID',
      `${path} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}. Correct it or move it away.`,
      { path },
      { cause },
    );
  }
}

function parse(value: unknown, path: string): Settings {
  const parsed = Settings.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DeskError(
    'SETTINGS_INVALID',
    `${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not usable'}. Correct the value or remove it for the default.`,
    { path },
  );
}
