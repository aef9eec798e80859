import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSettings } from '../../electron/host/settings.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function written(directory: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(directory, 'settings.json'), 'utf8'));
}

function withFile(text: string): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'settings.json'), text);
  return directory;
}

describe('settings', () => {
  test('are the defaults before anything was changed', () => {
    expect(openSettings(temporaryDirectory()).read()).toMatchObject({
      theme: 'system',
      budgetMicros: 5_000_000,
      market: { source: 'simulator' },
    });
  });

  test('keep a change over a restart and leave the rest alone', () => {
    const directory = withFile(JSON.stringify({ budgetMicros: 7_000_000 }));
    const changed = openSettings(directory).change({ theme: 'dark' });
    expect(changed).toMatchObject({ theme: 'dark', budgetMicros: 7_000_000 });
    expect(openSettings(directory).read()).toEqual(changed);
  });

  test('refuse a value outside its range by name, and keep what was', () => {
    const directory = temporaryDirectory();
    const settings = openSettings(directory);
    settings.change({ budgetMicros: 1_000_000 });
    expect(() => settings.change({ budgetMicros: -1 })).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringContaining('budgetMicros') }),
    );
    expect(settings.read().budgetMicros).toBe(1_000_000);
    expect(written(directory)['budgetMicros']).toBe(1_000_000);
  });
});

describe('a file that cannot be used', () => {
  test('because it is not JSON is refused, not replaced', () => {
    const directory = withFile('{ "theme": dark }');
    expect(() => openSettings(directory)).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringContaining(directory) }),
    );
    expect(readFileSync(join(directory, 'settings.json'), 'utf8')).toBe('{ "theme": dark }');
    expect(readdirSync(directory)).toEqual(['settings.json']);
  });

  test.each([
    [{ theme: 'pink' }, 'theme'],
    [{ pool: { size: 99 } }, 'pool.size'],
    [{ market: { source: 'moon' } }, 'market'],
    [{ budgetMicros: 0.5 }, 'budgetMicros'],
  ])('because of %j is refused, naming file and field, not replaced', (content, field) => {
    const text = JSON.stringify(content);
    const directory = withFile(text);
    expect(() => openSettings(directory)).toThrow(
      expect.objectContaining({
        code: 'SETTINGS_INVALID',
        message: expect.stringMatching(new RegExp(`settings\\.json: ${field}`)),
      }),
    );
    expect(readFileSync(join(directory, 'settings.json'), 'utf8')).toBe(text);
  });
});
