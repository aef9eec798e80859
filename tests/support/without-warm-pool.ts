// Most tests count sandboxes of their own, so the hosts they start keep none warm unless the test's settings say so.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a pool of size 0 into the settings of a data directory that do not name a pool. */
export function withoutWarmPool(dataDir: string): void {
  const file = join(dataDir, 'settings.json');
  const settings: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (typeof settings !== 'object') throw new Error(`${file} holds no settings`);
  writeFileSync(file, JSON.stringify({ pool: { size: 0 }, ...settings }));
}
