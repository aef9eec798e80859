// The operator's settings, kept as JSON in the data directory. A file that cannot be used is refused, never silently replaced.
import Conf from 'conf';
import { DeskError } from '../contract/errors.ts';
import { Settings } from '../contract/market.ts';

export interface SettingsFile {
  read(): Settings;
  /** Replaces the given fields and returns the whole. Rejects what the schema refuses. */
  change(fields: Partial<Settings>): Settings;
}

/** Opens `settings.json` in the data directory. Throws SETTINGS_INVALID naming the field. */
export function openSettings(dataDir: string): SettingsFile {
  const file = openFile(dataDir);
  let current = parse(file.store, file.path);
  return {
    read: () => current,
    change(fields) {
      current = parse({ ...current, ...fields }, file.path);
      file.store = current;
      return current;
    },
  };
}

function openFile(dataDir: string): Conf<Record<string, unknown>> {
  try {
    return new Conf<Record<string, unknown>>({
      cwd: dataDir,
      configName: 'settings',
      clearInvalidConfig: false,
    });
  } catch (cause) {
    throw new DeskError(
      'SETTINGS_INVALID',
      `settings.json in ${dataDir} is not valid JSON. Correct it or move it away.`,
      { dataDir },
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
